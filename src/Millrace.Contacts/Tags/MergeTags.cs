using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Tags;

/// <summary><c>POST /api/app/tags/{id}/merge</c>: every contact with the tag gets the other instead, and the tag is gone. Starts no automation.</summary>
internal sealed class MergeTags : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("tags/{id:long}/merge", Handle).WithName("tag_merge").RequirePermission(Permission.ManageTags);

    internal sealed record MergeInput(long Into);

    private static async Task<Ok<TagEndpoints.TagView>> Handle(
        long id, MergeInput request, CurrentAccount account, NpgsqlDataSource database, IActivityLog activities, IAudit audit,
        CancellationToken cancellationToken)
    {
        if (request.Into == id)
        {
            throw new InvalidInputException("/into", "validation_failed", "A tag is merged into another one.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var locked = await Sql.Of($"select id from contacts.tag where account_id = {account.Id} and id = any({new[] { id, request.Into }}) order by id for update")
            .ListAsync<long>(work, cancellationToken);
        if (locked.Count < 2)
        {
            throw new NotFoundException();
        }

        // Told before the rows move: who has the other tag already gains nothing.
        await activities.AppendFromAsync(
            work.Transaction, account.Id, "tag.merged",
            Sql.Of($"""
                select f.contact_id, {request.Into},
                       jsonb_build_object('contact_id', f.contact_id, 'tag_id', {request.Into}, 'from_tag_id', {id}, 'gained', o.contact_id is null)
                from contacts.contact_tag f
                left join contacts.contact_tag o on o.account_id = f.account_id and o.contact_id = f.contact_id and o.tag_id = {request.Into}
                where f.account_id = {account.Id} and f.tag_id = {id}
                """),
            react: true, cancellationToken);
        await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select account_id, contact_id, {request.Into}, tagged_at from contacts.contact_tag where account_id = {account.Id} and tag_id = {id}
            on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from contacts.tag where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        await Counters.ForgetAsync(work.Transaction, account.Id, CounterKind.Tag, id, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "tag.merge", "tag", request.Into, new { from = id }, cancellationToken);
        var view = await TagEndpoints.OneAsync(work, account.Id, request.Into, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Ok(view);
    }
}
