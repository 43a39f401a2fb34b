namespace Millrace.Messaging.Campaigns.Timing;

/// <summary>Which variant a contact gets.</summary>
internal sealed class SplitLots
{
    private const ulong InTest = 1;
    private const ulong WhichVariant = 2;

    private readonly long _campaignId;
    private readonly IReadOnlyList<CampaignVariant> _variants;
    private readonly double _tested;
    private readonly double _shares;

    public SplitLots(Campaign campaign, IReadOnlyList<CampaignVariant> variants)
    {
        _campaignId = campaign.Id;
        _variants = variants;
        _shares = variants.Sum(v => v.Share);
        _tested = campaign is { Type: CampaignType.Split, Split: { Mode: SplitMode.Winner } split } && variants.Count > 1 ? split.TestPercent / 100.0 : 1;
    }

    /// <returns>Null: it waits for the winner.</returns>
    public CampaignVariant? Of(long contactId)
    {
        if (_tested < 1 && Lot.Draw(_campaignId, contactId, InTest) >= _tested)
        {
            return null;
        }

        var at = Lot.Draw(_campaignId, contactId, WhichVariant) * _shares;
        foreach (var variant in _variants)
        {
            at -= variant.Share;
            if (at < 0)
            {
                return variant;
            }
        }

        return _variants[^1];
    }
}
