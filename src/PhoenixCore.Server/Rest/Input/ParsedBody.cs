using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>A body as it was read, before it is known to fit a shape.</summary>
internal sealed class ParsedBody
{
    public OperationRequest Request { get; } = new();

    /// <summary>Members that were there.</summary>
    public BodyField Seen { get; set; }

    /// <summary>Operation of a batch: what it is.</summary>
    public string? Type { get; set; }

    public List<ParsedBody>? Parts { get; set; }

    /// <summary>Attributes beside the other members, which count only where a lot is changed.</summary>
    public byte[]? Attributes { get; set; }

    /// <summary>What is wrong, by field.</summary>
    public List<(string Field, string Message)>? Errors { get; private set; }

    /// <summary>Some amount is no amount: that has a code of its own.</summary>
    public bool HasBadAmount { get; set; }

    public void Refuse(string field, string message) => (Errors ??= []).Add((field, message));

    public bool Has(BodyField field) => (Seen & field) != 0;

    /// <summary>The request, once the members fit the shape.</summary>
    /// <exception cref="ApiErrorException">They do not.</exception>
    public OperationRequest As(BodyShape shape, string prefix = "")
    {
        foreach (var field in Names(shape.Required & ~Seen)) Refuse(prefix + field, "is required");
        foreach (var field in Names(Seen & ~shape.Required & ~shape.Optional & ~BodyField.Texts & ~BodyField.Type & ~BodyField.Attributes)) Refuse(prefix + field, "does not belong here");
        Request.Kind = shape.Kind;
        if ((shape.Optional & BodyField.Attributes) != 0) Request.Attributes = Attributes;
        if ((shape.Optional & BodyField.Context) == 0) Request.Context = null;
        if ((shape.Optional & BodyField.Texts) != BodyField.Texts) DropForeignTexts(shape);
        if (Errors is null) return Request;
        var code = HasBadAmount && Errors.Count == 1 ? ApiResult.Of(LedgerResult.InvalidAmount).Code : ApiError.ValidationCode;
        throw new ApiErrorException(new ApiError(400, code, $"{Errors[0].Field} {Errors[0].Message}", Errors));
    }

    private void DropForeignTexts(BodyShape shape)
    {
        if ((shape.Optional & BodyField.HolderId) == 0) Request.HolderId = null;
        if ((shape.Optional & BodyField.Name) == 0) Request.Name = null;
        if ((shape.Optional & BodyField.Reference) == 0) Request.Reference = null;
        if ((shape.Optional & BodyField.Intent) == 0) Request.Intent = null;
        if ((shape.Optional & BodyField.Reason) == 0) Request.Reason = null;
        if ((shape.Optional & BodyField.Metadata) == 0) Request.Metadata = null;
    }

    private static IEnumerable<string> Names(BodyField fields) =>
        fields == BodyField.None ? [] : Enum.GetValues<BodyField>().Where(field => field != BodyField.None && field != BodyField.Texts && (fields & field) != 0).Select(FieldNames.Of);
}
