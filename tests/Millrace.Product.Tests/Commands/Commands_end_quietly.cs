namespace Millrace.Product.Tests.Commands;

/// <summary>Commands that do one thing and end say that one thing, also when the database is our own child and ends with them.</summary>
public sealed class Commands_end_quietly : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("millrace-command-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task On_a_data_directory_of_their_own()
    {
        var added = await RunAsync("account", "add", "Garden Tools", "ann@example.com", "correct horse battery");
        added.ShouldBe(new CommandRun(0, "Account 1 with admin 1.\n", string.Empty));

        var refused = await RunAsync("account", "add", "Garden Tools", "nobody", "correct horse battery");
        (refused.ExitCode, refused.Output).ShouldBe((1, string.Empty));
        refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, refused.Errors);

        var help = await RunAsync("serve", "--help");
        (help.ExitCode, help.Errors).ShouldBe((0, string.Empty));
        help.Output.ShouldContain("millrace migrate");

        var user = await RunAsync("user", "add", "1", "ben@example.com", "correct horse battery", "user");
        user.ShouldBe(new CommandRun(0, "User 2 (user).\n", string.Empty));

        var migrated = await RunAsync("migrate");
        migrated.ShouldBe(new CommandRun(0, "The database is up to date.\n", string.Empty));

        var contacts = Path.Combine(_data.FullName, "people.csv");
        await File.WriteAllTextAsync(contacts, "email\ncara@example.com\n");
        var imported = await RunAsync("import", contacts, "--account", "1");
        (imported.ExitCode, imported.Errors).ShouldBe((0, string.Empty), imported.Output);
        imported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2, imported.Output);

        var doctor = await RunAsync("doctor");
        (doctor.ExitCode, doctor.Errors).ShouldBe((0, string.Empty), doctor.Output);
        doctor.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains("  "));
    }

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(new Dictionary<string, string> { ["Millrace__DataDirectory"] = Path.Combine(_data.FullName, "data") }, arguments);
}
