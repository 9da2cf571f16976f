using System.Net;
using System.Runtime.CompilerServices;
using PhoenixCore.Client.Calls;

namespace PhoenixCore.Client;

/// <summary>A stream in bytes: frames that the caller encoded go out, payloads come in. Writing and reading are independent; one of each at a time.</summary>
/// <remarks>Reading to the end checks the status. Disposing earlier resets the stream.</remarks>
public sealed class RawDuplexCall : IAsyncDisposable
{
    private readonly Task<HttpResponseMessage> _sending;
    private readonly HttpRequestMessage _request;
    private readonly OpenContent? _content;
    private readonly CallScope _scope;
    private readonly CallOptions _options;
    private readonly int _maxReplyBytes;
    private HttpResponseMessage? _response;
    private ReplyReader? _reader;
    private bool _ended;

    internal RawDuplexCall(HttpMessageInvoker http, HttpRequestMessage request, CallScope scope, CallOptions options, int maxReplyBytes)
    {
        (_request, _content, _scope, _options, _maxReplyBytes) = (request, request.Content as OpenContent, scope, options, maxReplyBytes);
        _sending = http.SendAsync(request, scope.Token);
    }

    /// <summary>The payload that <see cref="MoveNextAsync"/> found; lent until the next move.</summary>
    public ReadOnlyMemory<byte> Current => _reader is null ? default : _reader.Current;

    /// <summary>Sends whole frames, as <see cref="GrpcFrame"/> makes them; one write may carry many. Waits for the server's window.</summary>
    /// <exception cref="GrpcStatusException">The call has ended; reading on gives the server's own status.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        if (_content is null) throw new InvalidOperationException("the request is one message");
        try
        {
            await _content.WriteAsync(frames, _scope.Token);
        }
        catch (Exception e) when (CallScope.IsCallFault(e))
        {
            throw CallScope.Explain(_scope, e);
        }
    }

    /// <summary>Ends the requests; replies may go on.</summary>
    public void Complete() => _content?.Complete();

    /// <returns>False once the server has ended the call with OK.</returns>
    /// <exception cref="GrpcStatusException">Any other end.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        if (_ended) return false;
        try
        {
            if (_reader is null && !await OpenAsync()) return false;
            if (await _reader!.MoveNextAsync(_scope.Token)) return true;
            _ended = true;
            GrpcChannel.Keep(_options, _response!.TrailingHeaders);
            StatusReader.Check(_response.TrailingHeaders.NonValidated);
            return false;
        }
        catch (Exception e) when (CallScope.IsCallFault(e))
        {
            _ended = true;
            throw CallScope.Explain(_scope, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _content?.Break();
        if (!_ended) _scope.Cancel();
        try
        {
            (_response ??= await _sending).Dispose();
        }
        catch (Exception e) when (CallScope.IsCallFault(e))
        {
            // The call is being given up: how it ends no longer matters.
        }

        _reader?.Dispose();
        _request.Dispose();
        _scope.Dispose();
    }

    /// <returns>False when the headers already say that the call ended with OK.</returns>
    private async ValueTask<bool> OpenAsync()
    {
        _response = await _sending;
        GrpcChannel.Keep(_options, _response.Headers);
        var headers = _response.Headers.NonValidated;
        if (headers.Contains("grpc-status"))
        {
            _ended = true;
            StatusReader.Check(headers);
            return false;
        }

        if (_response.StatusCode != HttpStatusCode.OK) throw StatusReader.OfHttp(_response.StatusCode);
        _reader = new ReplyReader(_response.Content.ReadAsStream(), _maxReplyBytes);
        return true;
    }
}
