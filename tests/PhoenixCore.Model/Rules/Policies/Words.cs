using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>Operations and intents as text, and the words that mean the same.</summary>
internal static class Words
{
    public static string Of(PolicyOperation operation) => operation switch
    {
        PolicyOperation.Credit => "credit",
        PolicyOperation.Consume => "consume",
        PolicyOperation.TransferOut => "transfer_out",
        PolicyOperation.TransferIn => "transfer_in",
        PolicyOperation.Reserve => "reserve",
        PolicyOperation.Commit => "commit",
    };

    public static string Intent(string intent) => intent == "withdrawal" ? "cashout" : intent;

    /// <summary>A condition's value as it is meant: <c>withdrawal</c> is <c>cashout</c>, the operation <c>transfer</c> is <c>transfer_out</c>.</summary>
    public static Value Meant(string field, Value value) => (field, value) switch
    {
        ("intent", TextValue text) => new TextValue(Intent(text.Text)),
        ("operation", TextValue { Text: "transfer" }) => new TextValue("transfer_out"),
        _ => value,
    };
}
