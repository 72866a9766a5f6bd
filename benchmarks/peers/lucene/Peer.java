import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.*;

/**
 * Lucene as a peer: builds an index of tab-separated paragraphs, and answers
 * tab-separated queries, timing itself.
 *
 *   Peer build DIR TSV both|stems     the table of benchmarks/passages.py
 *   Peer serve DIR both|stems         on standard input, on standard output:
 *
 *     query   all  any  none  phrase  prefix  fuzzy  since  until  desk   (words parted by a space)
 *     answer  nanoseconds  total, then five fields a hit: id  date  section  text
 *     stem    a line "?word" is answered by its stem
 */
public final class Peer {
  private static final int PAGE = 10;

  private final IndexSearcher searcher;
  private final String exact;
  private final Analyzer stems = analyzer(true);

  private Peer(IndexSearcher searcher, boolean both) {
    this.searcher = searcher;
    this.exact = both ? "words" : "stems";
  }

  public static void main(String[] args) throws IOException {
    if (args[0].equals("version")) System.out.println(org.apache.lucene.util.Version.LATEST);
    else if (args[0].equals("build")) build(Path.of(args[1]), Path.of(args[2]), args[3].equals("both"));
    else serve(Path.of(args[1]), args[2].equals("both"));
  }

  private static Analyzer analyzer(boolean stemmed) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = CharTokenizer.fromTokenCharPredicate(Character::isLetterOrDigit);
        TokenStream lower = new LowerCaseFilter(words);
        return new TokenStreamComponents(words, stemmed ? new SnowballFilter(lower, "English") : lower);
      }
    };
  }

  private static void build(Path folder, Path tsv, boolean both) throws IOException {
    Analyzer byField = new PerFieldAnalyzerWrapper(analyzer(true), Map.of("words", analyzer(false)));
    IndexWriterConfig config = new IndexWriterConfig(byField).setRAMBufferSizeMB(256);
    try (IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config);
        BufferedReader lines = Files.newBufferedReader(tsv)) {
      for (String line; (line = lines.readLine()) != null; ) writer.addDocument(document(line, both));
      writer.commit();
    }
  }

  private static Document document(String line, boolean both) {
    String[] cells = line.split("\t", -1);
    long day = Long.parseLong(cells[1]);
    Document document = new Document();
    document.add(new StringField("id", cells[0], Field.Store.YES));
    document.add(new LongField("date", day, Field.Store.YES));
    document.add(new StoredField("section", cells[2]));
    for (String desk : cells[3].split(";"))
      if (!desk.isEmpty()) document.add(new StringField("desk", desk, Field.Store.NO));
    document.add(new TextField("stems", cells[5], Field.Store.YES));
    if (both) document.add(new TextField("words", cells[5], Field.Store.NO));
    return document;
  }

  private static void serve(Path folder, boolean both) throws IOException {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(FSDirectory.open(folder)));
    // A query is asked several times, and the answer must be found each time.
    searcher.setQueryCache(null);
    Peer peer = new Peer(searcher, both);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    for (String line; (line = in.readLine()) != null; ) {
      out.println(line.startsWith("?") ? peer.stem(line.substring(1)) : peer.answer(line));
      out.flush();
    }
  }

  private String answer(String line) throws IOException {
    long started = System.nanoTime();
    Query query = query(line.split("\t", -1));
    TopDocs found =
        searcher.search(query, new TopScoreDocCollectorManager(PAGE, null, Integer.MAX_VALUE));
    StringBuilder hits = new StringBuilder();
    StoredFields stored = searcher.storedFields();
    for (ScoreDoc hit : found.scoreDocs) {
      Document document = stored.document(hit.doc);
      for (String field : List.of("id", "date", "section", "stems"))
        hits.append('\t').append(document.get(field));
    }
    return (System.nanoTime() - started) + "\t" + found.totalHits.value() + hits;
  }

  private Query query(String[] cells) throws IOException {
    BooleanQuery.Builder parts = new BooleanQuery.Builder();
    for (String word : split(cells[0])) parts.add(term(word), BooleanClause.Occur.MUST);
    if (!cells[1].isEmpty()) {
      BooleanQuery.Builder either = new BooleanQuery.Builder();
      for (String word : split(cells[1])) either.add(term(word), BooleanClause.Occur.SHOULD);
      parts.add(either.build(), BooleanClause.Occur.MUST);
    }
    for (String word : split(cells[2])) parts.add(term(word), BooleanClause.Occur.MUST_NOT);
    if (!cells[3].isEmpty()) parts.add(phrase(split(cells[3])), BooleanClause.Occur.MUST);
    if (!cells[4].isEmpty())
      parts.add(new PrefixQuery(new Term(exact, cells[4])), BooleanClause.Occur.MUST);
    if (!cells[5].isEmpty())
      // Its default keeps the 50 best forms only, and then no total is exact.
      parts.add(
          new FuzzyQuery(new Term(exact, cells[5]), 1, 0, 1024, true), BooleanClause.Occur.MUST);
    long since = Long.parseLong(cells[6]);
    if (since > 0)
      parts.add(
          LongField.newRangeQuery("date", since, Long.parseLong(cells[7])),
          BooleanClause.Occur.FILTER);
    if (!cells[8].isEmpty())
      parts.add(new TermQuery(new Term("desk", cells[8])), BooleanClause.Occur.FILTER);
    BooleanQuery all = parts.build();
    return all.clauses().size() == 1 ? all.clauses().get(0).query() : all;
  }

  private static String[] split(String words) {
    return words.isEmpty() ? new String[0] : words.split(" ");
  }

  private Query term(String word) throws IOException {
    return new TermQuery(new Term("stems", stem(word)));
  }

  private Query phrase(String[] words) throws IOException {
    PhraseQuery.Builder phrase = new PhraseQuery.Builder();
    for (String word : words)
      phrase.add(new Term(exact, exact.equals("words") ? word : stem(word)));
    return phrase.build();
  }

  private String stem(String word) throws IOException {
    try (TokenStream tokens = stems.tokenStream("stems", word)) {
      CharTermAttribute form = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      String stem = tokens.incrementToken() ? form.toString() : "";
      tokens.end();
      return stem;
    }
  }
}
