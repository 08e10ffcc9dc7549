using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["configuration"])
{
    await Doorward.Bench.ConfigurationBench.RunAsync();
    return;
}

// In this process: building another for each benchmark takes longer than measuring it.
var job = Job.Default.WithToolchain(new InProcessEmitToolchain(new()));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
