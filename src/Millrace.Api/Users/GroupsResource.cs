using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Api.Users;

/// <summary><c>/api/3/groups</c>, reading only: the roles of this product, with what each may do in the original's flags. Not rows, so not a resource of rows.</summary>
internal sealed class GroupsResource : IEndpoint
{
    private static readonly string[] Relations = ["userGroups", "groupLimit", "dealGroupGroups", "listGroups", "addressGroups", "automationGroups"];

    /// <summary>Flags of the original by what they mean here; those that mean nothing here are 0.</summary>
    private static readonly FrozenDictionary<string, Permission?> Flags = new Dictionary<string, Permission?>(StringComparer.Ordinal)
    {
        ["pgListAdd"] = Permission.ManageLists,
        ["pgListEdit"] = Permission.ManageLists,
        ["pgListDelete"] = Permission.ManageLists,
        ["pgListHeaders"] = null,
        ["pgListEmailaccount"] = null,
        ["pgListBounce"] = null,
        ["pgMessageAdd"] = Permission.ManageMessages,
        ["pgMessageEdit"] = Permission.ManageMessages,
        ["pgMessageDelete"] = Permission.ManageMessages,
        ["pgMessageSend"] = Permission.ManageMessages,
        ["pgContactAdd"] = Permission.ManageContacts,
        ["pgContactEdit"] = Permission.ManageContacts,
        ["pgContactDelete"] = Permission.ManageContacts,
        ["pgContactMerge"] = Permission.ManageContacts,
        ["pgContactImport"] = Permission.ImportContacts,
        ["pgContactApprove"] = Permission.ManageContacts,
        ["pgContactExport"] = Permission.ExportContacts,
        ["pgContactSync"] = Permission.ManageContacts,
        ["pgContactFilters"] = Permission.ViewContacts,
        ["pgContactActions"] = Permission.ManageContacts,
        ["pgContactFields"] = Permission.ManageFields,
        ["pg_user_add"] = Permission.ManageUsers,
        ["pg_user_edit"] = Permission.ManageUsers,
        ["pg_user_delete"] = Permission.ManageUsers,
        ["pgGroupAdd"] = null,
        ["pgGroupEdit"] = null,
        ["pgGroupDelete"] = null,
        ["pgTemplateAdd"] = Permission.ManageMessages,
        ["pgTemplateEdit"] = Permission.ManageMessages,
        ["pgTemplateDelete"] = Permission.ManageMessages,
        ["pgPersonalizationAdd"] = null,
        ["pgPersonalizationEdit"] = null,
        ["pgPersonalizationDelete"] = null,
        ["pgAutomationManage"] = Permission.ManageAutomations,
        ["pgFormEdit"] = null,
        ["pgReportsCampaign"] = null,
        ["pgReportsList"] = null,
        ["pgReportsUser"] = null,
        ["pgReportsTrend"] = null,
        ["pgReportsDeal"] = null,
        ["pgStartupReports"] = null,
        ["pgStartupGettingstarted"] = null,
        ["pgDeal"] = null,
        ["pgTagManage"] = Permission.ManageTags,
        ["pgContactResubscribe"] = Permission.ManageContacts,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("groups", List).RequirePermission(Permission.Use);
        routes.V3.MapGet("groups/{id}", static (string id, V3Call call) => V3Result.Ok(new { group = View(Find(id), call) })).RequirePermission(Permission.Use);
        routes.V3.MapGet("groups/{id}/userGroups", UserGroups).RequirePermission(Permission.Use);
        routes.V3.MapGet("groups/{id}/groupLimit", static (string id) => V3Result.Ok(new { groupLimit = Limit(Find(id)) })).RequirePermission(Permission.Use);
        routes.V3.MapGet("groupLimits", static () => V3Result.Ok(new { groupLimits = Group.All.Select(Limit), meta = new { total = new V3Id(Group.All.Length) } }))
            .RequirePermission(Permission.Use);
        foreach (var none in Relations.Skip(2))
        {
            routes.V3.MapGet($"groups/{{id}}/{none}", (string id) => Find(id) is not null ? V3Result.Ok(new Dictionary<string, object> { [none] = Array.Empty<object>() }) : null!)
                .RequirePermission(Permission.Use);
        }
    }

    private static V3Result List(V3Call call)
    {
        var query = V3Query.Of(call.Request);
        return V3Result.Ok(new
        {
            groups = Group.All.Skip(query.Offset).Take(query.Limit).Select(g => View(g, call)),
            meta = new { total = new V3Id(Group.All.Length) },
        });
    }

    private static Task<V3Result> UserGroups(string id, V3Call call)
    {
        var group = Find(id);
        return call.ReadAsync(async work =>
        {
            var users = await Sql.Of($"""
                select id from accounts.app_user where account_id = {call.Account.Id} and role = {EnumNames<Role>.NameOf(group.Role)} order by id
                """).ListAsync<long>(work, call.CancellationToken);
            return V3Result.Ok(new
            {
                userGroups = users.Select(u => new
                {
                    userid = new V3Id(u),
                    groupid = new V3Id(group.Id),
                    id = new V3Id(u),
                    group = new V3Id(group.Id),
                    user = new V3Id(u),
                }),
            });
        });
    }

    private static Group Find(string id) => Array.Find(Group.All, g => g.Id == V3Id.Parse(id)) ?? throw V3Errors.NoResult("Group", V3Id.Parse(id));

    private static Dictionary<string, object?> View(Group group, V3Call call)
    {
        var view = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["title"] = group.Title,
            ["descript"] = group.Description,
            ["unsubscribelink"] = "0",
            ["optinconfirm"] = "0",
            ["p_admin"] = group.Role == Role.Admin ? "1" : "0",
        };
        foreach (var (flag, permission) in Flags)
        {
            view[flag] = permission is { } needed && group.Role.Grants(needed) ? "1" : "0";
        }

        view["reqApproval"] = "0";
        view["reqApproval1st"] = "2";
        view["reqApprovalNotify"] = string.Empty;
        view["socialdata"] = "0";
        view["links"] = V3Links.Of(call.Request, "groups", group.Id, Relations);
        view["id"] = group.Id.ToString(CultureInfo.InvariantCulture);
        return view;
    }

    /// <summary>There are no limits but those of the machine.</summary>
    private static object Limit(Group group) => new
    {
        groupid = new V3Id(group.Id),
        limitMail = "0",
        limitMailType = "month",
        limitContact = "0",
        limitList = "0",
        limitCampaign = "0",
        limitCampaignType = "month",
        limitAttachment = "-1",
        limitUser = "0",
        abuseRatio = "4",
        forceSenderInfo = "0",
        id = new V3Id(group.Id),
        group = new V3Id(group.Id),
    };
}
