using System.Text.Json;

namespace Millrace.Automations.Simulating;

/// <summary>What to simulate. Exactly one of <paramref name="Contacts"/>, <paramref name="Segment"/> and <paramref name="Random"/> says who.</summary>
/// <param name="Contacts">These contacts, 1 to 1,000.</param>
/// <param name="Segment">Contacts of this saved segment, the newest first.</param>
/// <param name="Random">So many contacts of the account, picked at random; 1 to 1,000.</param>
/// <param name="Sample">Of a segment at most so many, 1 to 1,000; absent: 1,000.</param>
/// <param name="Trigger">Id of the trigger they come through, whose filter then decides about them; absent: they are put in by hand.</param>
/// <param name="KeepEntryRule">Whether who has been inside before is refused as the entry rules say; otherwise everybody comes in.</param>
/// <param name="StartsAt">When they come in, virtually; from a week ago to a year ahead. Absent: now.</param>
/// <param name="Until">Up to when to look, at most 366 days after the start; absent: so long.</param>
/// <param name="Assume">What everybody does; absent: nobody opens or clicks anything.</param>
/// <param name="Events">What happens besides, made up by hand; at most 200.</param>
internal sealed record SimulationRequest(
    long[]? Contacts = null, long? Segment = null, int? Random = null, int? Sample = null, string? Trigger = null, bool KeepEntryRule = false,
    DateTimeOffset? StartsAt = null, DateTimeOffset? Until = null, Assumptions? Assume = null, HypotheticalEvent[]? Events = null);

/// <param name="OpensAfter">Everybody opens each mail so long after it was sent, an ISO 8601 duration; absent: nobody does.</param>
/// <param name="ClicksAfter">Everybody clicks the first link of each mail so long after it was sent; absent: nobody does.</param>
internal sealed record Assumptions(string? OpensAfter = null, string? ClicksAfter = null);

/// <summary>Something that might happen to a contact: an activity of the log, or a change of its data. Exactly one of <paramref name="Activity"/> and <paramref name="Action"/>.</summary>
/// <param name="At">Virtual time, from the start to a year after it.</param>
/// <param name="Contact">Whom; absent: everybody simulated.</param>
/// <param name="Activity">Kind of the activity, for example <c>email.opened</c> or <c>event.recorded</c>.</param>
/// <param name="Step">The step it answers, for example the one that sent the mail; what that step is known to have done then fills in what <paramref name="Data"/> leaves out.</param>
/// <param name="Data">The activity's members, without the contact.</param>
/// <param name="Action">A change of the contact's data, written like a step of the group Contacts: <c>{ "type": "tag.add", "tag": 7 }</c>.</param>
internal sealed record HypotheticalEvent(
    DateTimeOffset At, long? Contact = null, string? Activity = null, string? Step = null, JsonElement? Data = null, JsonElement? Action = null);
