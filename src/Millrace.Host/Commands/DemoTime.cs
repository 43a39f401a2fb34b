using Millrace.Kernel.Time;

namespace Millrace.Host.Commands;

/// <summary>
/// The demo's weeks, lived in virtual time: it begins in the past and arrives today, so that people came one after the other and mails were read
/// later than they were sent. Only where nobody else's time would be turned back; otherwise all of it happens now.
/// </summary>
internal sealed class DemoTime(ClockSynchroniser clock, bool alone)
{
    /// <summary>Times at which people join.</summary>
    public const int Steps = 16;

    /// <summary>From a mail to its reader. Nobody reads within two seconds; such haste counts as a machine's.</summary>
    public static readonly TimeSpan UntilReading = TimeSpan.FromHours(3);

    /// <summary>From there to the next who join: no whole days, so that it is another hour each time.</summary>
    public static readonly TimeSpan UntilNext = TimeSpan.FromHours(62);

    public Task BeginAsync(CancellationToken cancellationToken) => MoveAsync(-((Steps * UntilReading) + ((Steps - 1) * UntilNext) + UntilReading), cancellationToken);

    public Task PassAsync(TimeSpan time, CancellationToken cancellationToken) => MoveAsync(time, cancellationToken);

    public Task EndAsync(CancellationToken cancellationToken) => clock.LeaveThePastAsync(cancellationToken);

    private Task MoveAsync(TimeSpan by, CancellationToken cancellationToken) => alone ? clock.AdvanceAsync(by, cancellationToken) : Task.CompletedTask;
}
