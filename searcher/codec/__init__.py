"""A codec of Whoosh over the native core: `ix.writer(codec=NativeCodec())`."""
