namespace PhoenixCore.Tools;

/// <summary>What the process ends with. Scripts depend on the numbers (those of sysexits.h where it has one): added, never changed.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Findings = 1;
    public const int Usage = 64;
    public const int DamagedData = 65;
    public const int NotFound = 66;
    public const int Unavailable = 69;
    public const int StorageFailed = 70;
    public const int InvariantBroken = 71;
    public const int Locked = 73;
    public const int Refused = 76;
    public const int NoPermission = 77;

    /// <summary>The part of the help that lists them.</summary>
    public const string Help = """
        Exit codes:
          0   done; for verify: everything holds
          1   findings: journals differ, or doctor has something to say
          64  wrong usage
          65  damaged data: bytes that were once durable are missing or changed
          66  no such directory, journal, tenant, wallet, key or sequence
          69  the server cannot be reached, or cannot answer now
          70  the system refused a read or a write
          71  a broken invariant: the books contradict themselves
          73  locked: a server has the directory open
          76  the server refused the request
          77  the server does not accept the credential, or it has not the scope
        """;
}
