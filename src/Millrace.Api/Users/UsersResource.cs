using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Api.Users;

internal sealed record UserRow(long Id, string Email, string FirstName, string LastName, string Role, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/users</c>, reading only; <c>users/me</c> is the usual test of a key.</summary>
internal sealed class UsersResource : V3Resource<UserRow>, IEndpoint
{
    public override string Plural => "users";

    public override string Singular => "user";

    public override string Model => "User";

    public override Permission Permission => Permission.Use;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Many("lists"), V3Relation.Made<UserRow>("userGroup", "userGroup", UserGroup), V3Relation.Many("dealGroupTotals"),
        V3Relation.Many("dealGroupUsers"), V3Relation.Many("configs"), V3Relation.Nothing("dealConnection"), V3Relation.Nothing("userConversationsPermission"),
        V3Relation.Nothing("seatUser"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"u.id, u.email, u.first_name, u.last_name, u.role, u.created_at, u.updated_at");

    protected override Sql Table { get; } = Sql.Of($"accounts.app_user u");

    protected override Sql AccountColumn { get; } = Sql.Of($"u.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"u.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"u.id"), V3Kind.Id),
        ["email"] = new(Sql.Of($"u.email"), V3Kind.LowerText),
        ["username"] = new(Sql.Of($"u.email"), V3Kind.LowerText),
        ["firstName"] = new(Sql.Of($"u.first_name"), V3Kind.Text),
        ["lastName"] = new(Sql.Of($"u.last_name"), V3Kind.Text),
    });

    protected override long IdOf(UserRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query)
    {
        var plain = ((string[])["email", "username"]).Select(p => call.Request.Query[p].ToString()).FirstOrDefault(v => v.Length > 0);
        return plain is null ? base.Where(call, query) : [.. base.Where(call, query), Sql.Of($"u.email = {plain.ToLowerInvariant()}")];
    }

    public override object View(UserRow row, V3Call call) => new
    {
        username = row.Email,
        firstName = row.FirstName,
        lastName = row.LastName,
        email = row.Email,
        phone = string.Empty,
        signature = (string?)null,
        localZoneid = call.Account.TimeZone,
        lang = "english",
        mfaEnabled = "0",
        cdate = call.Iso(row.CreatedAt),
        udate = call.Iso(row.UpdatedAt),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("users/me", static (V3Call call) => OneAsync(call, Sql.Of($"u.id = {call.Account.UserId}"))).RequirePermission(Permission.Use);
        routes.V3.MapGet("users/email/{email}", static (string email, V3Call call) => OneAsync(call, Sql.Of($"u.email = {email.ToLowerInvariant()}")))
            .RequirePermission(Permission.Use);
        routes.V3.MapGet("users/username/{name}", static (string name, V3Call call) => OneAsync(call, Sql.Of($"u.email = {name.ToLowerInvariant()}")))
            .RequirePermission(Permission.Use);
    }

    private static Task<V3Result> OneAsync(V3Call call, Sql which) => call.ReadAsync(async work =>
    {
        var users = call.Resource<UsersResource>();
        return await users.RowsAsync(work, call, which) is [var row] ? V3Result.Ok(users.Wrap(row, call)) : throw V3Errors.NoResult("User", 0);
    });

    private static object UserGroup(UserRow row, V3Call call)
    {
        var (user, group) = (new V3Id(row.Id), new V3Id(Group.Of(row.Role).Id));
        return new
        {
            userid = user,
            groupid = group,
            links = new
            {
                user = string.Create(CultureInfo.InvariantCulture, $"{call.Request.Scheme}://{call.Request.Host}/api/3/users/{row.Id}"),
                group = string.Create(CultureInfo.InvariantCulture, $"{call.Request.Scheme}://{call.Request.Host}/api/3/groups/{group.Value}"),
            },
            id = user,
            group,
            user,
        };
    }
}
