namespace Doorward.Server.Audit.Sinks;

/// <summary>JSON lines, to a file or to the standard output. A file is opened for each batch, so that it may be moved away at any time.</summary>
internal sealed class LinesSink(string? path) : IRecordSink
{
    public string Name => path is null ? "stdout" : $"file-{Path.GetFileName(path)}";

    public Task<long?> TakenAsync(string node, CancellationToken cancellation) => Task.FromResult<long?>(null);

    public async Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        var lines = new MemoryStream();
        foreach (var record in records) lines.Write(RecordLine.Of(record));
        await using var output = path is null ? System.Console.OpenStandardOutput() : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellation);
        await output.FlushAsync(cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
