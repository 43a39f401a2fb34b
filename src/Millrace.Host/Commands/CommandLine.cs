using System.Net.Sockets;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Host.Commands;

/// <summary>The server's own commands. Each is one file; a bad one prints what there is.</summary>
internal static class CommandLine
{
    private const string Help = """
        millrace serve [--urls http://127.0.0.1:5080] [--roles web,worker]   run the server (the default)
        millrace migrate                                                      bring the database up to date and end
        millrace doctor                                                       show the configuration and what is wrong with it
        millrace account add NAME EMAIL PASSWORD                              add an account with its first admin
        millrace user add ACCOUNT-ID EMAIL PASSWORD [admin|user]              add a user to an account
        millrace import FILE --account NUMBER|NAME [--list NAME ...] [--tag NAME ...]
                                                                              import a CSV file of contacts
        millrace demo [--urls http://127.0.0.1:5080]                          add an account with demo data and serve; so does serve --demo
        millrace bench NAME [--quick]                                         measure against the physical bound
        millrace openapi FILE                                                 write the OpenAPI document of /api/app
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new StopSignal();
        try
        {
            return args switch
            {
                _ when args.Contains("--help") || args.Contains("-h") => Unknown(["help"]),
                [] or ["serve", ..] => await ServeCommand.RunAsync(args is [] ? [] : args[1..]),
                [['-', '-', ..], ..] when args[0] is not "--help" => await ServeCommand.RunAsync(args),
                ["migrate", .. var rest] => await MigrateCommand.RunAsync(rest),
                ["doctor", .. var rest] => await DoctorCommand.RunAsync(rest),
                ["account", "add", var name, var email, var password, .. var rest] => await AccountAddCommand.RunAsync(name, email, password, rest),
                ["user", "add", var account, var email, var password, .. var rest] => await UserAddCommand.RunAsync(account, email, password, rest),
                ["import", var file, .. var rest] => await ImportCommand.RunAsync(file, rest, stop.Token),
                ["demo", .. var rest] => await ServeCommand.RunAsync([.. rest, "--demo"]),
                ["bench", var bench, .. var rest] => await BenchCommand.RunAsync(bench, rest, stop.Token),
                ["openapi", var file, .. var rest] => await OpenApiCommand.RunAsync(file, rest),
                _ => Unknown(args),
            };
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return StopSignal.ExitCode;
        }
        catch (Exception e) when (OneLine(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    private static int Unknown(string[] args)
    {
        Console.WriteLine(Help);
        return args is ["help" or "--help" or "-h"] ? 0 : 2;
    }

    /// <summary>What an operator can do something about gets one clear line; anything else keeps its stack.</summary>
    private static string? OneLine(Exception e) => e switch
    {
        StartupException known => known.Message,
        DomainException domain => domain.Message,
        Microsoft.Extensions.Options.OptionsValidationException options => $"The configuration is not valid: {options.Message}",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            "The listening address is in use by another program; stop that or choose another with --urls http://127.0.0.1:PORT.",
        NpgsqlException database => $"The database refused: {database.Message}",
        _ => null,
    };
}
