using Google.Protobuf.Reflection;
using PhoenixCore.Contracts.Reflection.V1;
using Query = PhoenixCore.Contracts.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace PhoenixCore.Grpc.Reflection;

/// <summary>The standard server reflection, v1 and v1alpha: tells tools which services there are and what their messages look like.</summary>
public sealed class ReflectionService
{
    private static readonly ServiceDescriptor Own = ReflectionReflection.Descriptor.Services[0];

    private readonly Dictionary<string, FileDescriptor> _filesByName = [];
    private readonly Dictionary<string, FileDescriptor> _filesBySymbol = [];
    private readonly List<string> _services = [];

    /// <param name="services">What is shown, besides reflection itself; each with all files it needs.</param>
    public ReflectionService(IEnumerable<ServiceDescriptor> services)
    {
        foreach (var service in services.Append(Own))
        {
            _services.Add(service.FullName);
            AddFile(service.File);
        }
    }

    /// <summary>One binder per version; the messages are the same on the wire.</summary>
    public IEnumerable<GrpcServiceBinder> Bind()
    {
        yield return Bind(new GrpcServiceBinder(Own));
        yield return Bind(new GrpcServiceBinder(Own) { ServedAs = "grpc.reflection.v1alpha.ServerReflection" });
    }

    private GrpcServiceBinder Bind(GrpcServiceBinder binder) =>
        binder.Duplex<ServerReflectionRequest, ServerReflectionResponse>("ServerReflectionInfo", ServerReflectionRequest.Parser, async (requests, replies, _) =>
        {
            while (await requests.MoveNextAsync()) await replies.WriteAsync(Answer(requests.Current));
        });

    private ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Query.ListServices:
                answer.ListServicesResponse = new ListServiceResponse();
                answer.ListServicesResponse.Service.Add(_services.Select(name => new ServiceResponse { Name = name }));
                break;
            case Query.FileByFilename when _filesByName.TryGetValue(request.FileByFilename, out var file):
                answer.FileDescriptorResponse = WithDependencies(file);
                break;
            case Query.FileContainingSymbol when _filesBySymbol.TryGetValue(request.FileContainingSymbol, out var file):
                answer.FileDescriptorResponse = WithDependencies(file);
                break;
            case Query.AllExtensionNumbersOfType when _filesBySymbol.ContainsKey(request.AllExtensionNumbersOfType):
                answer.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Query.None:
                answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)GrpcStatusCode.InvalidArgument, ErrorMessage = "the request asks nothing" };
                break;
            default:
                answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)GrpcStatusCode.NotFound, ErrorMessage = "not found" };
                break;
        }

        return answer;
    }

    private static FileDescriptorResponse WithDependencies(FileDescriptor file)
    {
        var response = new FileDescriptorResponse();
        var seen = new HashSet<string>();
        Walk(file);
        return response;

        void Walk(FileDescriptor next)
        {
            if (!seen.Add(next.Name)) return;
            response.FileDescriptorProto.Add(next.SerializedData);
            foreach (var dependency in next.Dependencies) Walk(dependency);
        }
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_filesByName.TryAdd(file.Name, file)) return;
        foreach (var service in file.Services)
        {
            _filesBySymbol[service.FullName] = file;
            foreach (var method in service.Methods) _filesBySymbol[method.FullName] = file;
        }

        foreach (var message in file.MessageTypes) AddMessage(message);
        foreach (var kind in file.EnumTypes) _filesBySymbol[kind.FullName] = file;
        foreach (var dependency in file.Dependencies) AddFile(dependency);
    }

    private void AddMessage(MessageDescriptor message)
    {
        _filesBySymbol[message.FullName] = message.File;
        foreach (var nested in message.NestedTypes) AddMessage(nested);
        foreach (var kind in message.EnumTypes) _filesBySymbol[kind.FullName] = message.File;
    }
}
