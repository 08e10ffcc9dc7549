using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Doorward.DevIdp.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_taken_port_is_told_by_the_exception_and_not_by_a_trace_in_the_log()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var log = new Lines();
        var options = new DevIdpOptions
        {
            StartedBy = "a test",
            Url = new($"http://idp.door.localhost:{((IPEndPoint)taken.LocalEndpoint).Port}"),
            Clients = [],
            Logging = logging => logging.AddProvider(log),
        };

        await Assert.ThrowsAsync<IOException>(() => DevIdpServer.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Empty(log.Said);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
