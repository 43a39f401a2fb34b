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
/// What clients read of the account itself: <c>/api/3/addresses</c> (there is one, of the settings), <c>/api/3/settings/account</c> and
/// <c>/api/3/account/entitlements</c>. Reading only; the settings page changes them.
/// </summary>
internal sealed class AccountResources : IEndpoint
{
    private static readonly string[] Relations = ["addressGroup", "addressList", "forms"];

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("addresses", List).RequirePermission(Permission.Use);
        routes.V3.MapGet("addresses/{id}", Read).RequirePermission(Permission.Use);
        foreach (var (name, empty) in new (string, object?)[] { ("addressGroup", null), ("addressList", null), ("forms", Array.Empty<object>()) })
        {
            routes.V3.MapGet($"addresses/{{id}}/{name}", (string id) => V3Result.Ok(new Dictionary<string, object?> { [Check(id, name)] = empty }))
                .RequirePermission(Permission.Use);
        }

        routes.V3.MapGet("settings/account", Settings).RequirePermission(Permission.ManageAccount);
        routes.V3.MapGet("account/entitlements", static () => V3Result.Ok(new { entitlements = Array.Empty<object>() })).RequirePermission(Permission.Use);
    }

    private static async Task<V3Result> List(V3Call call, IAccountSettings settings)
    {
        var address = View(await settings.GetAsync(call.Account.Id, call.CancellationToken), call);
        return V3Result.Ok(new { addresses = V3Query.Of(call.Request).Offset == 0 ? new[] { address } : [], meta = new { total = "1" } });
    }

    private static async Task<V3Result> Read(string id, V3Call call, IAccountSettings settings)
    {
        Check(id, string.Empty);
        return V3Result.Ok(new { address = View(await settings.GetAsync(call.Account.Id, call.CancellationToken), call) });
    }

    private static string Check(string id, string name) => V3Id.Parse(id) == 1 ? name : throw V3Errors.NoResult("Address", V3Id.Parse(id));

    private static object View(AccountSettings account, V3Call call)
    {
        var lines = account.SenderAddress.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new
        {
            companyName = account.SenderName,
            address1 = lines.ElementAtOrDefault(0) ?? string.Empty,
            address2 = string.Join(", ", lines.Skip(1)),
            city = string.Empty,
            state = string.Empty,
            district = string.Empty,
            zip = string.Empty,
            country = string.Empty,
            allgroup = "1",
            isDefault = "1",
            created_timestamp = call.Plain(account.CreatedAt),
            updated_timestamp = call.Plain(account.CreatedAt),
            created_by = (string?)null,
            updated_by = (string?)null,
            links = V3Links.Of(call.Request, "addresses", 1, Relations),
            id = "1",
        };
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
