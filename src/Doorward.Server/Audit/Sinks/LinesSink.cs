using System.Buffers;

namespace Doorward.Server.Audit.Sinks;

/// <summary>JSON lines, to a file or to the standard output. A file is opened for each batch, so that it may be moved away at any time.</summary>
internal sealed class LinesSink(string? path) : IRecordSink
{
    /// <summary>Bytes at a write, and room for what is more than that: below the size of a large object.</summary>
    private const int Portion = 32 * 1024, Room = 80_000;

    public string Name => path is null ? "stdout" : $"file-{Path.GetFileName(path)}";

    public Task<long?> TakenAsync(string node, CancellationToken cancellation) => Task.FromResult<long?>(null);

    public async Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        var lines = new ArrayBufferWriter<byte>(Room);
        await using var output = path is null ? System.Console.OpenStandardOutput() : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        foreach (var record in records)
        {
            RecordLine.Write(lines, record);
            if (lines.WrittenCount < Portion) continue;
            await output.WriteAsync(lines.WrittenMemory, cancellation);
            lines.ResetWrittenCount();
        }
        await output.WriteAsync(lines.WrittenMemory, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
