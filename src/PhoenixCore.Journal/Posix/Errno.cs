using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Posix;

/// <summary>Linux error numbers that the journal tells apart.</summary>
internal static class Errno
{
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int TryAgain = 11;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int NotSupported = 95;

    public static string Describe(int errno) =>
        errno == 0 ? "the transfer ended short" : $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
}
