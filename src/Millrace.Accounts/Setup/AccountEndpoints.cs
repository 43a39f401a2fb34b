using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Accounts.Setup;

/// <summary><c>/api/app/account</c>: name, time zone and the sender that stands at the foot of mails.</summary>
internal sealed class AccountEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("account", Show).WithName("account_show").RequirePermission(Permission.Use);
        routes.App.MapPatch("account", Update).WithName("account_update").RequirePermission(Permission.ManageAccount);
    }

    /// <summary>Members left out stay as they are.</summary>
    internal sealed record AccountChange(
        string? Name = null, string? TimeZone = null, string? SenderName = null, string? SenderEmail = null, string? SenderAddress = null);

    private static async Task<Ok<AccountSettings>> Show(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await new AccountSettingsCache(database).GetAsync(account.Id, cancellationToken));

    private static async Task<Ok<AccountSettings>> Update(
        AccountChange request, CurrentAccount account, IAudit audit, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        Check("/name", request.Name, 200, required: true);
        Check("/sender_name", request.SenderName, 200, required: false);
        Check("/sender_email", request.SenderEmail, 254, required: false);
        Check("/sender_address", request.SenderAddress, 500, required: false);
        if (request.TimeZone is { } zone && !WallClock.IsZone(zone))
        {
            throw new InvalidInputException("/time_zone", "time_zone_unknown", "This time zone is not known; use a name such as Europe/Berlin.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update accounts.account
            set name = coalesce({request.Name?.Trim()}, name), time_zone = coalesce({request.TimeZone}, time_zone),
                sender_name = coalesce({request.SenderName?.Trim()}, sender_name), sender_email = coalesce({request.SenderEmail?.Trim()}, sender_email),
                sender_address = coalesce({request.SenderAddress?.Trim()}, sender_address)
            where id = {account.Id}
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "account.update", "account", account.Id, request, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return await Show(account, database, cancellationToken);
    }

    private static void Check(string path, string? text, int limit, bool required)
    {
        if (text is not null && (text.Length > limit || (required && text.Trim().Length == 0)))
        {
            throw new InvalidInputException(path, "length", $"This has {(required ? 1 : 0)} to {limit} characters.");
        }
    }
}
