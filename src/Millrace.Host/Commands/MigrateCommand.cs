namespace Millrace.Host.Commands;

/// <summary><c>migrate</c>: brings the database up to date and ends.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = await Server.BuildForCommandAsync(args, CancellationToken.None);
        Console.WriteLine("The database is up to date.");
        return 0;
    }
}
