using Doorward.Fuzz;
using SharpFuzz;

if (args is not [var name] || !Targets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine($"Name a target: {string.Join(", ", Targets.All.Keys)}.");
    return 2;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    target(input.ToArray());
});
return 0;
