namespace PhoenixCore.Shard.Shadow;

[Flags]
internal enum PostingSides
{
    None = 0,
    Debit = 1,
    Credit = 2,
}
