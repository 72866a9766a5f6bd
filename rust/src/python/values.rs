//! Stored values of Python: objects of exactly the built-in types, both ways.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};

use crate::stored::{begin_dict, begin_tuple, encode, Value};

/// Nesting that is stored at most, as deep as `stored::decode` reads.
const DEEPEST: usize = 60;
const MICROSECONDS: u64 = 1_000_000;
const DAY: u64 = 24 * 60 * 60 * MICROSECONDS;

/// Return what an object is stored as.
///
/// TypeError: it, or something in it, isn't exactly None, bool, int, float, str, bytes, tuple,
/// list, dict, date or datetime; a subclass would come back as something else.
pub fn to_value(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    to_value_within(object, DEEPEST)
}

/// Append the encoding of an object: `encode(to_value(object))`, without a Value of all of a
/// large tuple or dict, which takes many times the memory of its bytes.
pub fn encode_object(object: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
    encode_within(object, DEEPEST, out)
}

fn encode_within(object: &Bound<'_, PyAny>, deepest: usize, out: &mut Vec<u8>) -> PyResult<()> {
    let deeper = deepest.saturating_sub(1);
    if let (Ok(items), 1..) = (object.cast_exact::<PyTuple>(), deepest) {
        begin_tuple(items.len(), out);
        return items
            .iter_borrowed()
            .try_for_each(|item| encode_within(&item, deeper, out));
    }
    if let (Ok(pairs), 1..) = (object.cast_exact::<PyDict>(), deepest) {
        begin_dict(pairs.len(), out);
        return pairs.iter().try_for_each(|(key, value)| {
            encode_within(&key, deeper, out)?;
            encode_within(&value, deeper, out)
        });
    }
    encode(&to_value_within(object, deepest)?, out);
    Ok(())
}

fn to_value_within(object: &Bound<'_, PyAny>, deepest: usize) -> PyResult<Value> {
    let Some(deeper) = deepest.checked_sub(1) else {
        return Err(PyTypeError::new_err("a stored value is nested too deep"));
    };
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Ok(Value::Str(text.to_str()?.to_owned()));
    }
    if object.is_none() {
        return Ok(Value::None);
    }
    if let Ok(value) = object.cast_exact::<PyBool>() {
        return Ok(Value::Bool(value.is_true()));
    }
    if let Ok(value) = object.cast_exact::<PyInt>() {
        return int_value(value);
    }
    if let Ok(value) = object.cast_exact::<PyFloat>() {
        return Ok(Value::Float(value.extract()?));
    }
    if let Ok(value) = object.cast_exact::<PyBytes>() {
        return Ok(Value::Bytes(value.as_bytes().to_vec()));
    }
    container_value(object, deeper)
}

fn container_value(object: &Bound<'_, PyAny>, deeper: usize) -> PyResult<Value> {
    let item = |item: Bound<'_, PyAny>| to_value_within(&item, deeper);
    if let Ok(items) = object.cast_exact::<PyTuple>() {
        return Ok(Value::Tuple(
            items.iter().map(item).collect::<PyResult<_>>()?,
        ));
    }
    if let Ok(items) = object.cast_exact::<PyList>() {
        return Ok(Value::List(
            items.iter().map(item).collect::<PyResult<_>>()?,
        ));
    }
    if let Ok(items) = object.cast_exact::<PyDict>() {
        let pair = |(key, value)| Ok((item(key)?, item(value)?));
        return Ok(Value::Dict(
            items.iter().map(pair).collect::<PyResult<_>>()?,
        ));
    }
    time_value(object)
}

fn int_value(value: &Bound<'_, PyInt>) -> PyResult<Value> {
    if let Ok(small) = value.extract::<i64>() {
        return Ok(Value::Int(small));
    }
    let bits: usize = value.call_method0("bit_length")?.extract()?;
    let options = PyDict::new(value.py());
    options.set_item("signed", true)?;
    let bytes = value.call_method("to_bytes", (bits / 8 + 1, "little"), Some(&options))?;
    Ok(Value::BigInt(bytes.extract()?))
}

fn time_value(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let times = Times::get(object.py())?;
    let kind = object.get_type();
    if kind.is(times.date.bind(object.py())) {
        return Ok(Value::Date(object.call_method0("toordinal")?.extract()?));
    }
    if kind.is(times.datetime.bind(object.py())) {
        return datetime_value(object, times);
    }
    Err(refused(object))
}

fn refused(object: &Bound<'_, PyAny>) -> PyErr {
    let name = object.get_type().name().map(|name| name.to_string());
    let name = name.unwrap_or_else(|_| "an object".to_owned());
    PyTypeError::new_err(format!("{name} can't be stored"))
}

fn datetime_value(object: &Bound<'_, PyAny>, times: &Times) -> PyResult<Value> {
    let number = |name: &str| object.getattr(name)?.extract::<u64>();
    let zone = object.getattr("tzinfo")?;
    if number("fold")? != 0
        || !(zone.is_none() || zone.get_type().is(times.timezone.bind(object.py())))
    {
        return Err(refused(object));
    }
    let minutes = number("hour")? * 60 + number("minute")?;
    let seconds = minutes * 60 + number("second")?;
    Ok(Value::DateTime {
        ordinal: object.call_method0("toordinal")?.extract()?,
        microseconds: seconds * MICROSECONDS + number("microsecond")?,
        offset: if zone.is_none() {
            None
        } else {
            Some(offset_seconds(object)?)
        },
    })
}

fn offset_seconds(object: &Bound<'_, PyAny>) -> PyResult<i32> {
    let seconds: f64 = object
        .call_method0("utcoffset")?
        .call_method0("total_seconds")?
        .extract()?;
    if seconds.fract() != 0.0 {
        return Err(refused(object));
    }
    Ok(seconds as i32)
}

/// Return the object that was stored as a value.
pub fn from_value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    let items = |items: &[Value]| -> PyResult<Vec<Bound<'py, PyAny>>> {
        items.iter().map(|item| from_value(py, item)).collect()
    };
    Ok(match value {
        Value::None => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::Int(value) => value.into_pyobject(py)?.into_any(),
        Value::BigInt(bytes) => big_int(py, bytes)?,
        Value::Float(value) => PyFloat::new(py, *value).into_any(),
        Value::Str(text) => PyString::new(py, text).into_any(),
        Value::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Value::Tuple(values) => PyTuple::new(py, items(values)?)?.into_any(),
        Value::List(values) => PyList::new(py, items(values)?)?.into_any(),
        Value::Dict(pairs) => dict(py, pairs)?.into_any(),
        Value::Date(ordinal) => Times::get(py)?.day(py, *ordinal)?,
        Value::DateTime {
            ordinal,
            microseconds,
            offset,
        } => Times::get(py)?.moment(py, *ordinal, *microseconds, *offset)?,
    })
}

fn dict<'py>(py: Python<'py>, pairs: &[(Value, Value)]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (key, value) in pairs {
        dict.set_item(from_value(py, key)?, from_value(py, value)?)?;
    }
    Ok(dict)
}

fn big_int<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let options = PyDict::new(py);
    options.set_item("signed", true)?;
    let arguments = (PyBytes::new(py, bytes), "little");
    py.get_type::<PyInt>()
        .call_method("from_bytes", arguments, Some(&options))
}

/// The classes of the module datetime, which a limited API doesn't give.
struct Times {
    date: Py<PyType>,
    datetime: Py<PyType>,
    timedelta: Py<PyType>,
    timezone: Py<PyType>,
}

impl Times {
    fn get(py: Python<'_>) -> PyResult<&'static Times> {
        static TIMES: PyOnceLock<Times> = PyOnceLock::new();
        TIMES.get_or_try_init(py, || {
            let module = py.import("datetime")?;
            let class =
                |name| Ok::<_, PyErr>(module.getattr(name)?.cast_into::<PyType>()?.unbind());
            Ok(Times {
                date: class("date")?,
                datetime: class("datetime")?,
                timedelta: class("timedelta")?,
                timezone: class("timezone")?,
            })
        })
    }

    fn day<'py>(&self, py: Python<'py>, ordinal: u32) -> PyResult<Bound<'py, PyAny>> {
        self.date.bind(py).call_method1("fromordinal", (ordinal,))
    }

    fn moment<'py>(
        &self,
        py: Python<'py>,
        ordinal: u32,
        microseconds: u64,
        offset: Option<i32>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if microseconds >= DAY {
            return Err(PyValueError::new_err("a stored time is over 24 hours"));
        }
        let midnight = self
            .datetime
            .bind(py)
            .call_method1("fromordinal", (ordinal,))?;
        let passed = self.timedelta.bind(py).call1((0, 0, microseconds))?;
        let moment = midnight.call_method1("__add__", (passed,))?;
        let Some(offset) = offset else {
            return Ok(moment);
        };
        let zone = self
            .timezone
            .bind(py)
            .call1((self.timedelta.bind(py).call1((0, offset))?,))?;
        let options = PyDict::new(py);
        options.set_item("tzinfo", zone)?;
        moment.call_method("replace", (), Some(&options))
    }
}
