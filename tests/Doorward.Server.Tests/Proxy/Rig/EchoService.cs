using System.Text;
using Grpc.Core;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>What the gRPC compiler would have written for a service of bytes.</summary>
[BindServiceMethod(typeof(EchoContract), nameof(Bind))]
internal abstract class EchoContract
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Method<byte[], byte[]> UnaryMethod { get; } = new(MethodType.Unary, "echo.Echo", nameof(Unary), Bytes, Bytes);

    public static Method<byte[], byte[]> DuplexMethod { get; } = new(MethodType.DuplexStreaming, "echo.Echo", nameof(Duplex), Bytes, Bytes);

    public static void Bind(ServiceBinderBase binder, EchoContract? service)
    {
        binder.AddMethod(UnaryMethod, service is null ? null! : new UnaryServerMethod<byte[], byte[]>(service.Unary));
        binder.AddMethod(DuplexMethod, service is null ? null! : new DuplexStreamingServerMethod<byte[], byte[]>(service.Duplex));
    }

    public abstract Task<byte[]> Unary(byte[] request, ServerCallContext context);

    public abstract Task Duplex(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context);
}

internal sealed class EchoService : EchoContract
{
    public override Task<byte[]> Unary(byte[] request, ServerCallContext context)
    {
        if (Encoding.UTF8.GetString(request) == "fail")
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "as asked"));
        context.ResponseTrailers.Add("x-trailing", "trailing");
        return Task.FromResult(Encoding.UTF8.GetBytes($"{context.RequestHeaders.GetValue("x-said")} {Encoding.UTF8.GetString(request)}"));
    }

    public override async Task Duplex(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync())
            await responses.WriteAsync(request);
    }
}
