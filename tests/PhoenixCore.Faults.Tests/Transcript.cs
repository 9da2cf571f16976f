using PhoenixCore.Faults.Driver;

namespace PhoenixCore.Faults.Tests;

/// <summary>What a driver said before it ended: what it sent, what it was told, what it read.</summary>
internal sealed class Transcript
{
    public List<Operation> Sent { get; } = [];

    public Dictionary<UInt128, Answer> Answers { get; } = [];

    /// <summary>Of each read: the last sequence it showed, and when.</summary>
    public List<(ulong VisibleAfter, long At)> Reads { get; } = [];

    public bool Opening { get; private set; }

    public bool Ready { get; private set; }

    public bool Done { get; private set; }

    /// <param name="text">Whole lines count; a last one that was cut by the end of the process was never said.</param>
    public static Transcript Parse(string text)
    {
        var transcript = new Transcript();
        var keys = new Dictionary<(int, int, int), UInt128>();
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            switch (fields[0])
            {
                case ">":
                    var operation = Operation.Parse(fields);
                    transcript.Sent.Add(operation);
                    keys.Add((operation.Round, operation.Client, operation.Number), operation.Key);
                    break;
                case "<":
                    transcript.Answers.Add(keys[(int.Parse(fields[1]), int.Parse(fields[2]), int.Parse(fields[3]))], Answer.Parse(fields));
                    break;
                case "=":
                    transcript.Reads.Add((ulong.Parse(fields[4]), long.Parse(fields[5])));
                    break;
                case "opening":
                    transcript.Opening = true;
                    break;
                case "ready":
                    transcript.Ready = true;
                    break;
                case "done":
                    transcript.Done = true;
                    break;
                default:
                    throw new InvalidDataException($"the driver said: {line}");
            }
        }

        return transcript;
    }
}
