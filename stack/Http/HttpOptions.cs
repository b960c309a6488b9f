// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Http
{
    /// <summary>
    /// How requests for a path are dealt with.
    /// </summary>
    [Flags]
    public enum HttpOptions
    {
        /// <summary>A body is kept whole before the handler is called, if there is room for it.</summary>
        None = 0,

        /// <summary>Who asks must know name and password (<see cref="HttpServer.SetCredentials"/>); others get 401.</summary>
        Protected = 1,

        /// <summary>The handler reads the body as it comes, of any length, with <see cref="HttpContext.ReadBody"/>.</summary>
        StreamsBody = 2,

        /// <summary>
        /// Scripts of other sites may ask too (CORS): preflight requests are answered, and answers say so. A page is laid out before: among
        /// its other fields it has "Access-Control-Allow-Origin: *" itself. Without this option, what a page of another site sends with a
        /// method that changes something gets 403.
        /// </summary>
        CrossOrigin = 4,

        /// <summary>A body must be a form, application/x-www-form-urlencoded; others get 415.</summary>
        Form = 8,
    }
}
