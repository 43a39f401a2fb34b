using System.Globalization;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;

namespace Millrace.Host.Commands;

/// <summary><c>user add</c>: a user of an account; also the way back in when every password is lost.</summary>
internal static class UserAddCommand
{
    public static async Task<int> RunAsync(string account, string email, string password, string[] args)
    {
        if (!long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var accountId))
        {
            throw new StartupException($"\"{account}\" is no account number; doctor and account add print them.");
        }

        var role = Role.Admin;
        if (args is [var name, ..] && !name.StartsWith('-') && !EnumNames<Role>.TryParse(name, out role))
        {
            throw new StartupException($"\"{name}\" is no role; it is admin or user.");
        }

        await using var app = await Server.BuildForCommandAsync([.. args.Where(a => a.StartsWith('-'))], CancellationToken.None);
        var userId = await app.Services.GetRequiredService<IUserCreator>().CreateAsync(
            accountId, byUserId: null, new NewUser(email, string.Empty, string.Empty, role, password), CancellationToken.None);
        Console.WriteLine($"User {userId} ({EnumNames<Role>.NameOf(role)}).");
        return 0;
    }
}
