using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;

namespace PhoenixCore.Grpc.Tests;

public sealed class BindingTests
{
    private readonly GrpcServiceBinder _binder = new(EchoReflection.Descriptor.Services[0]);

    [Fact]
    public void A_name_that_the_service_does_not_have_is_refused() =>
        Assert.Throws<ArgumentException>(() => _binder.UnaryRaw("Nothing", (_, _, _) => default));

    [Fact]
    public void A_method_that_streams_differently_is_refused() =>
        Assert.Throws<ArgumentException>(() => _binder.UnaryRaw("Chat", (_, _, _) => default));

    [Fact]
    public void Another_message_type_is_refused() =>
        Assert.Throws<ArgumentException>(() => _binder.Unary<HealthCheckRequest, EchoReply>("Unary", HealthCheckRequest.Parser, (_, _) => default));

    [Fact]
    public void A_method_cannot_be_bound_twice() =>
        Assert.Throws<ArgumentException>(() => _binder.UnaryRaw("Unary", (_, _, _) => default).UnaryRaw("Unary", (_, _, _) => default));
}
