using Millrace.Host.Commands;

return await CommandLine.RunAsync(args);
