using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Api.Accounts;

/// <summary>
/// What clients read of the account itself: <c>/api/3/settings/account</c> and <c>/api/3/account/entitlements</c>. Reading only; the settings page changes them.
/// </summary>
internal sealed class AccountResources : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("settings/account", Settings).RequirePermission(Permission.ManageAccount);
        routes.V3.MapGet("account/entitlements", static () => V3Result.Ok(new { entitlements = Array.Empty<object>() })).RequirePermission(Permission.Use);
    }

    private static async Task<V3Result> Settings(V3Call call, IAccountSettings settings)
    {
        var account = await settings.GetAsync(call.Account.Id, call.CancellationToken);
        return await call.ReadAsync(async work =>
        {
            var owner = await Sql.Of($"""
                select email, first_name, last_name from accounts.app_user where account_id = {call.Account.Id} and role = 'admin' order by id limit 1
                """).FirstAsync<Owner>(work, call.CancellationToken);
            var contacts = call.Resources.Find("contacts") is { } people ? await people.TotalAsync(work, call) : 0;
            return V3Result.Ok(new
            {
                account = account.Name,
                email = owner?.Email ?? string.Empty,
                first_name = owner?.FirstName ?? string.Empty,
                last_name = owner?.LastName ?? string.Empty,
                cname = string.Empty,
                status = "active",
                // There is no limit; clients compare it with the total.
                subscriber_limit = int.MaxValue,
                subscriber_total = contacts,
                trial = false,
                credits = (int?)null,
                branding = false,
            });
        });
    }

    private sealed record Owner(string Email, string FirstName, string LastName);
}
