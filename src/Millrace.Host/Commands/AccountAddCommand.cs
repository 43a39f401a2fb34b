using Millrace.Accounts.Setup;

namespace Millrace.Host.Commands;

/// <summary><c>account add</c>: another tenant on this server, with its first admin.</summary>
internal static class AccountAddCommand
{
    public static async Task<int> RunAsync(string name, string email, string password, string[] args)
    {
        await using var app = await Server.BuildForCommandAsync(args, CancellationToken.None);
        var created = await app.Services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount(name, email, email, password, "UTC", name, "Set your postal address in the settings"),
            onlyFirst: false,
            CancellationToken.None);
        Console.WriteLine($"Account {created.AccountId} with admin {created.UserId}.");
        return 0;
    }
}
