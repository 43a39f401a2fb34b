using Microsoft.Extensions.Hosting;
using Millrace.Contacts.Sightings.Geography;

namespace Millrace.Contacts.Sightings;

/// <summary>Reads the files of places when the server starts, so that a bad one is told then and not at the first open.</summary>
internal sealed class OpenPlaceFiles(PlaceFinder places) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(places.HasCountries);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
