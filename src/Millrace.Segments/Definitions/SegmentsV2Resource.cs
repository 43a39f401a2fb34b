using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;
using System.Text.Json;

namespace Millrace.Segments.Definitions;

/// <summary>
/// <c>/api/3/segmentsV2</c>: segments described by conditions in groups. One with a name is a saved segment, the same that the builder shows; it answers to its UUID
/// and to its number. Errors name the place in the body.
/// </summary>
internal sealed class SegmentsV2Resource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("segmentsV2", Create).RequirePermission(Permission.ManageContacts).Takes<Input>(null, "Makes a segment; one with a name is saved under it.");
        routes.V3.MapGet("segmentsV2/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPut("segmentsV2/{id}", Change).RequirePermission(Permission.ManageContacts).Takes<Input>(null, "Changes the conditions and the description; the name stays.");
        routes.V3.MapGet("segmentsV2/{id}/createdDate/{moment}", ReadFormer).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPut("segmentsV2/{id}/createdDate/{moment}", Revert).RequirePermission(Permission.ManageContacts);
        routes.V3.MapDelete("segmentsV2/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    /// <summary>For the document only; the body is read with all its errors at once.</summary>
    internal sealed record Input(IReadOnlyList<Resource> Data);

    internal sealed record Resource(string? Id, string Type, JsonElement Attributes);

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, DefinitionStore definitions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var described = await DefinitionStore.ReadAsync(request, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await definitions.CreateAsync(work, account, described, kept: null, cancellationToken);
        var made = await FoundSegment.ReadAsync(work, account.Id, id.ToString(), clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(made));
    }

    private static async Task<V3Result> Read(string id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken)));
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, DefinitionStore definitions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var described = await DefinitionStore.ReadAsync(request, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        await definitions.ChangeAsync(work, account, segment, described, cancellationToken);
        var changed = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(changed));
    }

    /// <summary>What it was at a moment, in milliseconds since 1970; the last hundred versions of a segment with a UUID are kept.</summary>
    private static async Task<V3Result> ReadFormer(
        string id, string moment, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(await DefinitionHistory.AtAsync(work, account.Id, segment, moment, cancellationToken)));
    }

    /// <summary>Makes it again what it was at a moment; that is a new version.</summary>
    private static async Task<V3Result> Revert(
        string id, string moment, CurrentAccount account, NpgsqlDataSource database, DefinitionStore definitions, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        var former = await DefinitionHistory.AtAsync(work, account.Id, segment, moment, cancellationToken);
        await definitions.RevertAsync(work, account, segment, former, cancellationToken);
        var changed = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(changed));
    }

    /// <summary>Answers with what was deleted. 409 where the segment is in use.</summary>
    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, DefinitionStore definitions, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        await definitions.DeleteAsync(work, account, segment, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(DefinitionWriter.View(segment));
    }
}
