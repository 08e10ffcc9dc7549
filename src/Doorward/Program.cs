using System.Globalization;
using Doorward;
using Doorward.Server.Proxy;

// Before the first socket: the request path then runs in the threads that hear of sockets, one for each core.
Environment.SetEnvironmentVariable(InlineSockets.Threads, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
