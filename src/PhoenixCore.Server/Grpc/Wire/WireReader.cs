namespace PhoenixCore.Server.Grpc.Wire;

/// <summary>Reads the fields of one protobuf message in place. Every read says false where the bytes are damaged; never throws, never reads past the end.</summary>
/// <remarks>Stricter than the generated parser and never laxer: over-long tags and lengths, and groups, are damage. Test: <c>WireProperties</c>.</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    public const uint Varint = 0;
    public const uint Fixed64 = 1;
    public const uint Bytes = 2;
    public const uint Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    public readonly bool AtEnd => _position == _message.Length;

    /// <param name="field">1 to 2^29 − 1.</param>
    public bool TryReadTag(out int field, out uint wireType)
    {
        (field, wireType) = (0, 0);
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue) return false;
        field = (int)(tag >> 3);
        wireType = (uint)tag & 7;
        return field != 0;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _message.Length) return false;
            var b = _message[_position++];
            if (shift == 63 && b > 1) return false;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return true;
        }

        return false;
    }

    /// <summary>A string, bytes or message, where it lies.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out var length) || length > (ulong)(_message.Length - _position)) return false;
        value = _message.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>Steps over the value of a field that is not known.</summary>
    public bool TrySkip(uint wireType)
    {
        switch (wireType)
        {
            case Varint:
                return TryReadVarint(out _);
            case Bytes:
                return TryReadBytes(out _);
            case Fixed32:
                return TryAdvance(sizeof(uint));
            case Fixed64:
                return TryAdvance(sizeof(ulong));
            default:
                return false;
        }
    }

    private bool TryAdvance(int bytes)
    {
        if (_message.Length - _position < bytes) return false;
        _position += bytes;
        return true;
    }
}
