// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Security.Cryptography
{
    /// <summary>
    /// Something about keys or certificates went wrong. Nothing throws it here, for neither is read.
    /// </summary>
    [Serializable]
    public class CryptographicException : Exception
    {
        // the firmware's native code knows the field by its place
        private readonly int _errorCode;

        /// <summary>
        /// Initializes a new instance of the <see cref="CryptographicException"/> class.
        /// </summary>
        public CryptographicException()
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="CryptographicException"/> class.
        /// </summary>
        /// <param name="errorCode">Why, as a number.</param>
        public CryptographicException(int errorCode)
        {
            _errorCode = errorCode;
        }

        /// <summary>Gets why, as a number; 0 if there is none.</summary>
        public int ErrorCode => _errorCode;
    }
}
