using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Api.Users;

/// <summary><c>/api/3/users</c>, reading only; <c>users/me</c> is the usual test of a key.</summary>
internal sealed class UsersResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("users", List).RequirePermission(Permission.Use);
        routes.V3.MapGet("users/me", Me).RequirePermission(Permission.Use);
        routes.V3.MapGet("users/email/{email}", ByEmail).RequirePermission(Permission.Use);
        routes.V3.MapGet("users/username/{name}", ByEmail).RequirePermission(Permission.Use);
        routes.V3.MapGet("users/{id}", ById).RequirePermission(Permission.Use);
    }

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var email = (query.Equal(request, "email") ?? query.Equal(request, "username"))?.ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select {Columns}, count(*) over () from accounts.app_user
            where account_id = {account.Id} and ({email} is null or email = {email})
            order by id limit {query.Limit} offset {query.Offset}
            """).ListAsync<CountedUser>(work, cancellationToken);
        var total = rows.Count > 0 ? rows[0].Total : 0;
        return V3Result.Ok(new
        {
            users = rows.Select(r => View(new UserRow(r.Id, r.Email, r.FirstName, r.LastName, r.CreatedAt, r.UpdatedAt), request, account)),
            meta = new { total = new V3Id(total) },
        });
    }

    private static Task<V3Result> Me(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        OneAsync(account.UserId, null, request, account, database, cancellationToken);

    private static Task<V3Result> ById(string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        OneAsync(V3Id.Parse(id), null, request, account, database, cancellationToken);

    private static Task<V3Result> ByEmail(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var key = (request.RouteValues["email"] ?? request.RouteValues["name"])!.ToString()!;
        return OneAsync(0, key.ToLowerInvariant(), request, account, database, cancellationToken);
    }

    private static async Task<V3Result> OneAsync(
        long id, string? email, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await Sql.Of($"""
            select {Columns} from accounts.app_user where account_id = {account.Id} and (id = {id} or email = {email})
            """).FirstAsync<UserRow>(work, cancellationToken) ?? throw V3Errors.NoResult("User", id);
        return V3Result.Ok(new { user = View(row, request, account) });
    }

    private static readonly Sql Columns = Sql.Of($"id, email, first_name, last_name, created_at, updated_at");

    private static object View(UserRow row, HttpRequest request, CurrentAccount account) => new
    {
        username = row.Email,
        firstName = row.FirstName,
        lastName = row.LastName,
        email = row.Email,
        phone = string.Empty,
        signature = (string?)null,
        localZoneid = account.TimeZone,
        lang = "english",
        mfaEnabled = "0",
        cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
        udate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
        links = V3Links.Of(request, "users", row.Id, "lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs", "dealConnection", "userConversationsPermission", "seatUser"),
        id = new V3Id(row.Id),
    };

    private sealed record UserRow(long Id, string Email, string FirstName, string LastName, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    private sealed record CountedUser(
        long Id, string Email, string FirstName, string LastName, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Total);
}
