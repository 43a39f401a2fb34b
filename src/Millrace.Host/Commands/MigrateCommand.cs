namespace Millrace.Host.Commands;

/// <summary><c>migrate</c>: brings the database up to date and ends.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = await Server.BuildAsync([.. args, "--urls", "http://127.0.0.1:0"], overrides: null, CancellationToken.None);
        await using var database = app.Services.GetRequiredService<ProductDatabase>();
        Console.WriteLine("The database is up to date.");
        return 0;
    }
}
