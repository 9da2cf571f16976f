namespace PhoenixCore.Grpc.Tests;

/// <summary>Paths of the methods under test.</summary>
public static class Paths
{
    public const string HealthCheck = "/grpc.health.v1.Health/Check";
    public const string HealthWatch = "/grpc.health.v1.Health/Watch";

    public static string Echo(string method) => "/phoenix.test.v1.Echo/" + method;
}
