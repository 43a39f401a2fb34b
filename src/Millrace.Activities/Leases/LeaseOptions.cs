using System.ComponentModel.DataAnnotations;

namespace Millrace.Activities.Leases;

/// <summary>Bound from <c>Millrace:Leases</c>. Tests scale all three down together.</summary>
public sealed class LeaseOptions
{
    public const string Section = "Millrace:Leases";

    /// <summary>How long a lease lasts without renewal, in seconds; 2 to 300. Default 30. Longer: a dead worker's work waits longer.</summary>
    [Range(2, 300)]
    public double LeaseSeconds { get; set; } = 30;

    /// <summary>Time between renewals, in seconds; at most a third of the lease. Default 10.</summary>
    [Range(0.1, 100)]
    public double RenewSeconds { get; set; } = 10;

    /// <summary>After its own start or a reconnect a worker takes over no expired lease for this long, so that owners renew first. Default 20.</summary>
    [Range(0, 300)]
    public double PatienceSeconds { get; set; } = 20;
}
