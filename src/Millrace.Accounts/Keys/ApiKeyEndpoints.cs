using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Keys;

/// <summary><c>/api/app/api-keys</c>: list, make, revoke. The key itself is in the answer to its making and nowhere else.</summary>
internal sealed class ApiKeyEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("api-keys", List).WithName("api_key_list").RequirePermission(Permission.ManageApiKeys);
        routes.App.MapPost("api-keys", Create).WithName("api_key_create").RequirePermission(Permission.ManageApiKeys);
        routes.App.MapDelete("api-keys/{id:long}", Revoke).WithName("api_key_revoke").RequirePermission(Permission.ManageApiKeys);
    }

    internal sealed record ApiKeyView(long Id, string Name, string Prefix, string UserEmail, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    internal sealed record ApiKeyList(IReadOnlyList<ApiKeyView> Items);

    internal sealed record ApiKeyInput(string Name);

    internal sealed record CreatedApiKey(long Id, string Name, string Key);

    private static async Task<Ok<ApiKeyList>> List(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new ApiKeyList(await Sql.Of($"""
            select k.id, k.name, k.prefix, u.email, k.created_at, k.last_used_at
            from accounts.api_key k
            join accounts.app_user u on u.account_id = k.account_id and u.id = k.user_id
            where k.account_id = {account.Id} and k.revoked_at is null
            order by k.id
            """).ListAsync<ApiKeyView>(work, cancellationToken)));
    }

    private static async Task<Created<CreatedApiKey>> Create(
        ApiKeyInput request, CurrentAccount account, ApiTokens tokens, IAudit audit, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        if (name.Length is 0 or > 100)
        {
            throw new InvalidInputException("/name", "length", "A key's name has 1 to 100 characters.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (id, token) = await tokens.CreateAsync(work, account.Id, account.UserId, name, token: null, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "api_key.create", "api_key", id, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/api-keys/{id}", new CreatedApiKey(id, name, token));
    }

    private static async Task<NoContent> Revoke(
        long id, CurrentAccount account, ApiTokens tokens, IAudit audit, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (!await tokens.RevokeAsync(work, account.Id, id, cancellationToken))
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "api_key.revoke", "api_key", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
