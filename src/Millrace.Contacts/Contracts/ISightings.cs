using Microsoft.AspNetCore.Http;

namespace Millrace.Contacts.Contracts;

/// <summary>Where a request comes from and with what it was made. In memory, about a microsecond; asks nobody.</summary>
public interface ISightings
{
    /// <param name="fromMail">A mail program fetches something (an open); otherwise a browser does.</param>
    Sighting Of(HttpRequest request, bool fromMail);
}
