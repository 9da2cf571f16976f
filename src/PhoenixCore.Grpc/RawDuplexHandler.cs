namespace PhoenixCore.Grpc;

/// <summary>Serves a bidirectional stream without message objects.</summary>
/// <remarks>
/// Reading and writing are independent: one task may go on reading batches while another writes the results of
/// earlier ones, which is how a stream keeps several batches in flight. The call ends when the returned task does.
/// </remarks>
public delegate ValueTask RawDuplexHandler(RawRequestStream requests, RawResponseStream replies, GrpcCall call);
