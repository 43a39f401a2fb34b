using Millrace.Accounts.Setup;

namespace Millrace.Host.Commands;

/// <summary><c>account add</c>: another tenant on this server, with its first admin.</summary>
internal static class AccountAddCommand
{
    public static async Task<int> RunAsync(string name, string email, string password, string[] args)
    {
        await using var app = await Server.BuildAsync([.. args, "--urls", "http://127.0.0.1:0"], overrides: null, CancellationToken.None);
        await using var database = app.Services.GetRequiredService<ProductDatabase>();
        var created = await app.Services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount(name, email, email, password, "UTC", name, "Set your postal address in the settings"),
            onlyFirst: false,
            CancellationToken.None);
        Console.WriteLine($"Account {created.AccountId} with admin {created.UserId}.");
        return 0;
    }
}
