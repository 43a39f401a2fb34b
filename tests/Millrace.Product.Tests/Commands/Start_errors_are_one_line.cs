using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Product.Tests.Commands;

/// <summary>
/// What an operator can mend is said in one line, and the exit code is not zero. A database that is too old: <c>StartupCheckTests</c> of the kernel, as
/// there is no such server here to start against.
/// </summary>
public sealed class Start_errors_are_one_line : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_port_is_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");

        ShouldSay(await CommandRun.OfAsync(Data("data"), "serve", "--urls", url), url, "in use");
        Directory.Exists(Path.Combine(_folder.FullName, "data")).ShouldBeFalse("nothing was started for it");
    }

    [Fact]
    public async Task The_database_cannot_be_reached()
    {
        var environment = Data("data");
        environment["Millrace__Database"] = "Host=127.0.0.1;Port=1;Username=ann;Password=hunter2;Database=crm";

        var run = await CommandRun.OfAsync(environment, "serve", "--urls", "http://127.0.0.1:0");

        ShouldSay(run, "Cannot reach the database server", "127.0.0.1:1");
        (run.Output + run.Errors).ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_connection_string_is_none()
    {
        var environment = Data("data");
        environment["Millrace__Database"] = "postgres://ann:hunter2@db/crm";

        var run = await CommandRun.OfAsync(environment, "migrate");

        ShouldSay(run, "is not a PostgreSQL connection string");
        (run.Output + run.Errors).ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_data_directory_cannot_be_written()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "file"), "");

        ShouldSay(await CommandRun.OfAsync(Data("file/data"), "serve", "--urls", "http://127.0.0.1:0"), "is not writable", "file/data");
    }

    [Theory]
    [InlineData(null, "Node.js 20.19 or newer is needed")]
    [InlineData("v18.20.4", "this machine has 18.20.4")]
    public async Task Node_is_missing_or_too_old(string? version, string expected)
    {
        foreach (var tool in new[] { "bash", "dirname", "readlink", "grep", "cut", "paste", "cat", "dotnet" })
        {
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, tool), Find(tool));
        }

        if (version is not null)
        {
            var node = Path.Combine(_folder.FullName, "node");
            await File.WriteAllTextAsync(node, $"#!/bin/sh\necho {version}\n");
            File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(Root(), "bin", "up")]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = _folder.FullName;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        ShouldSay(new CommandRun(process.ExitCode, await output, await errors), expected);
    }

    private Dictionary<string, string> Data(string directory) => new() { ["Millrace__DataDirectory"] = Path.Combine(_folder.FullName, directory) };

    private static void ShouldSay(CommandRun run, params string[] texts)
    {
        run.ExitCode.ShouldNotBe(0);
        run.Output.ShouldBeEmpty();
        run.Errors.TrimEnd('\n').ShouldNotContain("\n");
        Array.ForEach(texts, text => run.Errors.ShouldContain(text));
    }

    private static string Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Append("/bin").Select(folder => Path.Combine(folder, tool)).First(File.Exists);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "bin", "up")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
