using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

// Bodies of the parts that change what wallets and assets say of themselves, as in Bodies.cs. They show the whole thing, so that the
// fact alone answers the request; their policies, when there are any, stand in the items as after a binding.

/// <summary>A wallet's name, metadata or policies were changed.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct WalletUpdatedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public WalletStatus Status;

    /// <summary>Sequence of the fact whose texts hold its name and metadata from now on: this one's, or an older one's.</summary>
    [FieldOffset(16)] public ulong Texts;
}

/// <summary>An asset's name, metadata or scale was changed.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
public struct AssetUpdatedBody
{
    [FieldOffset(0)] public UInt128 Code;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Scale;
    [FieldOffset(24)] public int Active;

    /// <summary>As <see cref="WalletUpdatedBody.Texts"/>.</summary>
    [FieldOffset(32)] public ulong Texts;

    /// <summary>Sequence of the fact that made it.</summary>
    [FieldOffset(40)] public ulong Made;
}
