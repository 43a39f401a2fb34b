using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Users;

/// <summary><c>/api/app/users</c>: who may log in. The last admin can be neither disabled nor made an ordinary user.</summary>
internal sealed class UserEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("users", List).WithName("user_list").RequirePermission(Permission.Use);
        routes.App.MapPost("users", Create).WithName("user_create").RequirePermission(Permission.ManageUsers);
        routes.App.MapPatch("users/{id:long}", Update).WithName("user_update").RequirePermission(Permission.ManageUsers);
    }

    internal sealed record UserRow(long Id, string Email, string FirstName, string LastName, Role Role, bool Disabled, DateTimeOffset CreatedAt);

    internal sealed record UserList(IReadOnlyList<UserRow> Items);

    internal sealed record UserInput(string Email, string FirstName, string LastName, Role Role, string Password);

    /// <summary>Members left out stay as they are.</summary>
    internal sealed record UserChange(string? FirstName = null, string? LastName = null, Role? Role = null, bool? Disabled = null);

    private static async Task<Ok<UserList>> List(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new UserList(await Rows(account.Id, id: null).ListAsync<UserRow>(work, cancellationToken)));
    }

    private static async Task<Created<UserRow>> Create(
        UserInput request, CurrentAccount account, IUserCreator creator, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var id = await creator.CreateAsync(
            account.Id,
            account.UserId,
            new NewUser(request.Email, request.FirstName, request.LastName, request.Role, request.Password),
            cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Created($"/api/app/users/{id}", (await Rows(account.Id, id).FirstAsync<UserRow>(work, cancellationToken))!);
    }

    private static async Task<Ok<UserRow>> Update(
        long id, UserChange request, CurrentAccount account, IAudit audit, SessionStore sessions, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        CheckName("/first_name", request.FirstName);
        CheckName("/last_name", request.LastName);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update accounts.app_user
            set first_name = coalesce({request.FirstName}, first_name), last_name = coalesce({request.LastName}, last_name), role = coalesce({request.Role}, role),
                disabled_at = case when {request.Disabled} is null then disabled_at when {request.Disabled} then coalesce(disabled_at, {now}) end,
                updated_at = {now}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        var row = await Rows(account.Id, id).FirstAsync<UserRow>(work, cancellationToken) ?? throw new NotFoundException();
        if (!await Sql.Of($"select exists (select 1 from accounts.app_user where account_id = {account.Id} and role = 'admin' and disabled_at is null)")
            .FirstAsync<bool>(work, cancellationToken))
        {
            throw new ConflictException("last_admin", "Someone has to remain admin.");
        }

        if (request.Disabled == true || request.Role is not null)
        {
            await sessions.EndOthersAsync(work, account.Id, id, exceptToken: null, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "user.update", "user", id, request, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(row);
    }

    private static Sql Rows(long accountId, long? id) => Sql.Of($"""
        select id, email, first_name, last_name, role, disabled_at is not null, created_at from accounts.app_user
        where account_id = {accountId} and ({id} is null or id = {id}) order by id
        """);

    private static void CheckName(string path, string? name)
    {
        if (name is { Length: > 200 })
        {
            throw new InvalidInputException(path, "length", "A name has at most 200 characters.");
        }
    }
}
