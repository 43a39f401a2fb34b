using Millrace.Kernel.Errors;
using Millrace.Kernel.Postgres;

namespace Millrace.Kernel.Tests.Postgres;

public sealed class StartupCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unreachable_server_is_named_without_its_password()
    {
        var failed = await Should.ThrowAsync<StartupException>(() =>
            DatabaseCheck.VerifyAsync("Host=127.0.0.1;Port=1;Username=ann;Password=hunter2;Database=crm", CancellationToken.None));

        failed.Message.ShouldContain("127.0.0.1:1");
        failed.Message.ShouldNotContain("hunter2");
        failed.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_text_that_is_no_connection_string_is_refused_without_being_shown()
    {
        var failed = await Should.ThrowAsync<StartupException>(() => DatabaseCheck.VerifyAsync("Hst=x;Password=hunter2", CancellationToken.None));

        failed.Message.ShouldContain("is not a PostgreSQL connection string");
        failed.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void A_server_that_is_too_old_is_refused_with_both_versions()
    {
        Should.Throw<StartupException>(() => DatabaseCheck.RequireNewEnough(140_002, "14.2", "db.example:5432"))
            .Message.ShouldBe("PostgreSQL 15 or newer is needed; db.example:5432 runs 14.2.");
        Should.NotThrow(() => DatabaseCheck.RequireNewEnough(150_000, "15.0", "db.example:5432"));
    }

    [Fact]
    public void A_data_directory_that_cannot_be_made_is_named_in_one_line()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var failed = Should.Throw<StartupException>(() => DataDirectory.Open(Path.Combine(file, "data")));

        failed.Message.ShouldContain("is not writable");
        failed.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_new_data_directory_is_private()
    {
        var path = DataDirectory.Open(Path.Combine(_folder.Path, "data")).Path;

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
