using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Tracking.Contracts;
using Npgsql;

namespace Millrace.Tracking.Events;

/// <summary>
/// <c>POST /event</c>: the event tracking endpoint, form-encoded: <c>actid</c> (account id), <c>key</c> (event key), <c>event</c>,
/// <c>eventdata</c>, <c>visit</c> = <c>{"email":"..."}</c>; parameters may stand in the query too. Answers
/// <c>{"success":1,"message":"Event spawned"}</c> when the event is durable. An unknown address makes no contact.
/// </summary>
internal sealed class RecordEvent : IEndpoint
{
    private const int MaxValue = 10_000;

    public static void Map(ModuleRoutes routes) => routes.Public.MapPost("/event", HandleAsync).AllowAnonymous().DisableAntiforgery();

    private sealed record Answer(int Success, string Message);

    private static async Task<IResult> HandleAsync(
        HttpRequest request, IAccountSettings accounts, EventNames names, EventIntake intake, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : null;
        string? Read(string name) => form?[name].FirstOrDefault() ?? request.Query[name].FirstOrDefault();

        if (!long.TryParse(Read("actid"), NumberStyles.None, CultureInfo.InvariantCulture, out var accountId)
            || await FindAsync(accounts, accountId, cancellationToken) is not { } account || !Same(Read("key"), account.EventKey))
        {
            return Refused(StatusCodes.Status403Forbidden, "The actid or key is not valid.");
        }

        var (name, value) = (Read("event")?.Trim() ?? string.Empty, Read("eventdata"));
        if (name.Length is 0 or > EventNames.MaxLength || name.Any(char.IsControl) || value is { Length: > MaxValue } || value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return Refused(StatusCodes.Status422UnprocessableEntity, $"The event's name has 1 to {EventNames.MaxLength} characters, its data at most {MaxValue}.");
        }

        if (EmailOf(Read("visit")) is not { } email
            || (names.Known(accountId, name) ?? await EventOfAsync(names, database, accountId, email, name, cancellationToken)) is not { } eventId
            || !await intake.RecordAsync(HitOf(accountId, email, new EventRecorded(0, eventId, name, value), clock.GetUtcNow())))
        {
            return Refused(StatusCodes.Status404NotFound, "No contact has the e-mail address in visit.");
        }

        return Results.Json(new Answer(1, "Event spawned"));
    }

    private static EventIntake.Hit HitOf(long accountId, string email, EventRecorded activity, DateTimeOffset now) =>
        new(accountId, email, activity.EventId, now, ActivityJson.Write(activity));

    /// <summary>A name that nobody has used yet is kept only if somebody did it.</summary>
    private static async Task<long?> EventOfAsync(
        EventNames names, NpgsqlDataSource database, long accountId, string email, string name, CancellationToken cancellationToken)
    {
        var someone = Sql.Of($"select id from contacts.contact where account_id = {accountId} and email = {email}");
        return await OneRoundTrip.ListAsync<long>(database, [accountId], someone, cancellationToken) is { Count: > 0 }
            ? await names.IdOfAsync(accountId, name, cancellationToken)
            : null;
    }

    private static IResult Refused(int status, string message) => Results.Json(new Answer(0, message), statusCode: status);

    private static async Task<AccountSettings?> FindAsync(IAccountSettings accounts, long accountId, CancellationToken cancellationToken)
    {
        try
        {
            return await accounts.GetAsync(accountId, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static bool Same(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? string.Empty), Encoding.UTF8.GetBytes(expected));

    private static string? EmailOf(string? visit)
    {
        if (visit is null or { Length: > 10_000 })
        {
            return null;
        }

        try
        {
            var root = JsonElement.Parse(visit);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
                && email.GetString()!.Trim() is { Length: > 0 } address && !address.Any(char.IsControl)
                ? address.ToLowerInvariant()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
