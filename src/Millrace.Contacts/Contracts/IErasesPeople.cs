using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>
/// A module's part in forgetting people: everything it holds that names them goes, counts stay. Called some time after the contacts were deleted, with many at once,
/// and at least twice with the same, an hour apart: so it must be repeatable, and what slipped in between (a mail that was in hand-over, a report on its way) goes the
/// second time.
/// </summary>
public interface IErasesPeople
{
    /// <returns>False: something is still on its way that needs what is left of them. It is called again in an hour.</returns>
    Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken);
}

/// <summary>Who is to be forgotten, all of one account.</summary>
/// <param name="Transaction">What goes, goes in here; nothing of it may reach for the network.</param>
/// <param name="ContactIds">Numbers of contacts that are gone.</param>
/// <param name="Addresses">
/// Their addresses, lower case; fewer where some had none. Whoever has one of them now is somebody else, or came back: by address only what is older than
/// <paramref name="Before"/> goes.
/// </param>
/// <param name="Before">When the last of them was deleted.</param>
public sealed record Erasure(NpgsqlTransaction Transaction, long AccountId, DateTimeOffset Now, long[] ContactIds, string[] Addresses, DateTimeOffset Before);
