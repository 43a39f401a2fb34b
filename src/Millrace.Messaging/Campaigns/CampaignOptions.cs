using System.ComponentModel.DataAnnotations;

namespace Millrace.Messaging.Campaigns;

/// <summary>Bound from <c>Millrace:Campaigns</c>.</summary>
internal sealed class CampaignOptions
{
    public const string Section = "Millrace:Campaigns";

    /// <summary>A campaign that would start so many minutes late waits for a person instead. Default 60.</summary>
    [Range(1, 10_080)]
    public int LateMinutes { get; set; } = 60;

    /// <summary>A mail of a date campaign that is so many hours late is left out. Default 24.</summary>
    [Range(1, 720)]
    public int DateLateHours { get; set; } = 24;

    /// <summary>Predictive sending: part of the contacts with a known best hour that get the mail at another, so that the hours stay true. Default 0.1.</summary>
    [Range(0, 1)]
    public double Exploration { get; set; } = 0.1;

    /// <summary>Predictive sending: fewer opens than this teach nothing. Default 3.</summary>
    [Range(1, 1_000)]
    public int LeastOpens { get; set; } = 3;

    /// <summary>Predictive sending: opens of so many days count. Default 180.</summary>
    [Range(7, 3_650)]
    public int OpensOfDays { get; set; } = 180;

    /// <summary>Predictive sending: days from one working out of the best hours to the next. Default 7.</summary>
    [Range(1, 90)]
    public int LearnEveryDays { get; set; } = 7;
}
