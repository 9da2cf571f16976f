using System.Diagnostics.Metrics;
using PhoenixCore.Journal.Metering;

namespace PhoenixCore.Server.Metrics;

/// <summary>Makes instruments of families and reads them all at once as text. Others may listen to the same meter (its name is <see cref="MeterName"/>). Any thread.</summary>
/// <remarks>The instruments are observed: nothing is pushed to them, so what is measured does not know of them.</remarks>
internal sealed class MeterBoard : IDisposable
{
    public const string MeterName = "PhoenixCore";

    private readonly IReadOnlyList<MetricFamily> _families;
    private readonly Meter _meter;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    public MeterBoard(IReadOnlyList<MetricFamily> families)
    {
        _families = families;
        _meter = new Meter(new MeterOptions(MeterName) { Scope = this });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _samples[instrument.Name].Add(new Sample(tags.ToArray(), value)));
        foreach (var family in families) Publish(family);
        _listener.Start();
    }

    public IReadOnlyList<MetricFamily> Families => _families;

    /// <summary>Everything as of now.</summary>
    public string Scrape()
    {
        lock (_lock)
        {
            foreach (var list in _samples.Values) list.Clear();
            _listener.RecordObservableInstruments();
            var text = new PrometheusText();
            foreach (var family in _families)
            {
                text.Begin(family);
                foreach (var name in PartsOf(family))
                {
                    foreach (var sample in _samples[name]) text.Sample(name, sample.Labels, sample.Value);
                }
            }

            return text.ToString();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private static IEnumerable<string> PartsOf(MetricFamily family) =>
        family.Kind == MetricKind.Histogram ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"] : [family.Name];

    private void Publish(MetricFamily family)
    {
        foreach (var name in PartsOf(family)) _samples.Add(name, []);
        if (family is HistogramFamily histogram) Publish(histogram);
        else Publish((NumberFamily)family);
    }

    private void Publish(NumberFamily family)
    {
        IEnumerable<Measurement<double>> Read() => family.Read().Select(number => new Measurement<double>(number.Value, Tags(family, number.Values)));
        if (family.Kind == MetricKind.Counter) _meter.CreateObservableCounter(family.Name, Read, unit: null, family.Help);
        else _meter.CreateObservableGauge(family.Name, Read, unit: null, family.Help);
    }

    /// <summary>Buckets are read first and kept, so that sum and count are those of the same moment.</summary>
    private void Publish(HistogramFamily family)
    {
        LabeledHistogram[] read = [];
        IEnumerable<Measurement<double>> Buckets()
        {
            read = [.. family.Read()];
            return read.SelectMany(one => Enumerable.Range(0, one.Reading.UpTo.Count).Select(i => new Measurement<double>(one.Reading.UpTo[i], [.. Tags(family, one.Values), new("le", Bound(one.Reading, i, family.UnitsPerOne))])));
        }

        _meter.CreateObservableCounter(family.Name + "_bucket", Buckets, unit: null, family.Help);
        _meter.CreateObservableCounter(family.Name + "_sum", () => read.Select(one => new Measurement<double>(one.Reading.Sum / family.UnitsPerOne, Tags(family, one.Values))), unit: null, family.Help);
        _meter.CreateObservableCounter(family.Name + "_count", () => read.Select(one => new Measurement<double>(one.Reading.Count, Tags(family, one.Values))), unit: null, family.Help);
    }

    private static string Bound(HistogramReading reading, int place, double unitsPerOne) =>
        PrometheusText.Number(place < reading.Bounds.Count ? reading.Bounds[place] / unitsPerOne : double.PositiveInfinity);

    private static KeyValuePair<string, object?>[] Tags(MetricFamily family, string[] values)
    {
        if (values.Length != family.Labels.Length) throw new InvalidOperationException($"{family.Name} has {family.Labels.Length} labels, not {values.Length}");
        return [.. family.Labels.Zip(values, (name, value) => new KeyValuePair<string, object?>(name, value))];
    }

    private readonly record struct Sample(KeyValuePair<string, object?>[] Labels, double Value);
}
