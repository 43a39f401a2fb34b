using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Branding;

/// <summary>
/// <c>/api/3/brandings</c>: the brand kits as that API knows brandings, which is name and logo. The pages of the original's own UI that a branding dresses
/// do not exist here; their members are there and empty.
/// </summary>
internal sealed class BrandingsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("brandings", List).RequirePermission(Permission.ViewMessages);
        routes.V3.MapGet("brandings/{id}", Read).RequirePermission(Permission.ViewMessages);
        routes.V3.MapPut("brandings/{id}", Change).RequirePermission(Permission.ManageMessages).Takes<Input>("branding", "Changes what is given.");
    }

    internal sealed record Input(string? SiteName = null, string? SiteLogo = null);

    private sealed record Row(long Id, string Name, JsonElement Look);

    private static Task<V3Result> List(V3Call call, PublicAddress address) => call.ReadAsync(async work =>
    {
        var query = V3Query.Of(call.Request);
        var rows = await Sql.Of($"""
            select id, name, look from messaging.brand_kit where account_id = {call.Account.Id} order by id limit {query.Limit} offset {query.Offset}
            """).ListAsync<Row>(work, call.CancellationToken);
        var total = await Sql.Of($"select count(*) from messaging.brand_kit where account_id = {call.Account.Id}").FirstAsync<long>(work, call.CancellationToken);
        return V3Result.Ok(new { brandings = rows.Select(r => View(r, address)), meta = new { total = new V3Id(total) } });
    });

    private static Task<V3Result> Read(string id, V3Call call, PublicAddress address) => call.ReadAsync(async work =>
        V3Result.Ok(new { branding = View(await OneAsync(work, call, V3Id.Parse(id)), address) }));

    private static async Task<V3Result> Change(string id, V3Call call, PublicAddress address, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("branding");
        var kitId = V3Id.Parse(id);
        if (input.SiteName?.Trim().Length is 0 or > 100)
        {
            throw new InvalidInputException("/data/attributes/siteName", "length", "A name has 1 to 100 characters.");
        }

        return await call.ChangeAsync(async work =>
        {
            var row = await OneAsync(work, call, kitId);
            var look = BrandLook.Read(row.Look);
            look.Logo = input.SiteLogo ?? look.Logo;
            look.Check();
            await Sql.Of($"""
                update messaging.brand_kit set name = {input.SiteName?.Trim() ?? row.Name}, look = {new JsonText(look.Write())}, updated_at = {clock.GetUtcNow()},
                    revision = revision + 1
                where account_id = {call.Account.Id} and id = {kitId}
                """).ExecuteAsync(work, call.CancellationToken);
            return V3Result.Ok(new { branding = View(await OneAsync(work, call, kitId), address) });
        });
    }

    private static async Task<Row> OneAsync(AccountTransaction work, V3Call call, long id) =>
        await Sql.Of($"select id, name, look from messaging.brand_kit where account_id = {call.Account.Id} and id = {id}").FirstAsync<Row>(work, call.CancellationToken)
            ?? throw V3Errors.NoResult("Branding", id);

    private static object View(Row row, PublicAddress address)
    {
        var logo = BrandLook.Read(row.Look).Logo is var own && own.StartsWith("/i/", StringComparison.Ordinal) ? address.Url + own : own;
        return new
        {
            groupid = "3",
            siteName = row.Name,
            siteLogo = logo,
            siteLogoSmall = logo,
            headerTextValue = string.Empty,
            headerHtmlValue = string.Empty,
            footerTextValue = string.Empty,
            footerHtmlValue = string.Empty,
            copyright = "1",
            version = "1",
            license = "1",
            links = "1",
            help = "1",
            adminTemplateHtm = string.Empty,
            adminTemplateCss = string.Empty,
            publicTemplateHtm = string.Empty,
            publicTemplateCss = string.Empty,
            favicon = string.Empty,
            id = new V3Id(row.Id),
        };
    }
}
