using Doorward.Server.Routes.Options;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Doorward.Server;

/// <summary>Where metrics and traces go: to whoever scrapes them, and to collectors.</summary>
internal static class Telemetry
{
    /// <summary>Metrics of the platform that tell how the process fares: memory, collections, threads. .NET has them of itself.</summary>
    private const string Runtime = "System.Runtime";

    public static void AddTelemetry(this IServiceCollection services, TelemetryOptions telemetry, string node)
    {
        services.AddSingleton<Tracing>();
        var open = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(Product.Name.ToLowerInvariant(), serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false, serviceInstanceId: node))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Metrics.MeterName, Runtime).AddPrometheusExporter();
                if (telemetry.Metrics is { } receiver) metrics.AddOtlpExporter((exporter, reader) =>
                {
                    To(exporter, receiver);
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)receiver.Every.TotalMilliseconds;
                });
            });
        if (telemetry.Traces is not { } traces) return;
        open.WithTracing(tracing => tracing
            .AddSource(Tracing.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(traces.Percent / 100.0)))
            .AddOtlpExporter(exporter => To(exporter, traces)));
    }

    private static void To(OtlpExporterOptions exporter, CollectorOptions collector)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = collector.Url!;
        exporter.HttpClientFactory = () =>
        {
            // What we send to a collector is not itself traced, nor sent through a proxy that the environment names.
            var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(10) };
            if (collector.Authorization is { } authorization) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization.Value);
            return http;
        };
    }
}
