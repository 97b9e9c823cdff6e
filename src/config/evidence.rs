//! Settings of evidence: where it is kept, how much of it, and of which kinds.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

/// What flags and environment may say of evidence; in the file the same names stand in the table `[evidence]`.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceSettings {
    /// Evidence: where it is kept, `<file:///PATH>` or s3://BUCKET/PREFIX [default: DATA_DIR/evidence]
    #[arg(long, env = "HOLDFAST_EVIDENCE_URL", value_name = "URL", global = true)]
    pub evidence_url: Option<String>,

    /// Evidence in S3: where the store is, for one that is not Amazon's
    #[arg(long, env = "HOLDFAST_EVIDENCE_S3_ENDPOINT", value_name = "URL", global = true)]
    pub evidence_s3_endpoint: Option<String>,

    /// Evidence in S3: the region [default: eu-west-2]
    #[arg(long, env = "HOLDFAST_EVIDENCE_S3_REGION", value_name = "NAME", global = true)]
    pub evidence_s3_region: Option<String>,

    /// Evidence in S3: the access key's id
    #[arg(long, env = "HOLDFAST_EVIDENCE_S3_ACCESS_KEY_ID", value_name = "ID", hide_env_values = true, global = true)]
    pub evidence_s3_access_key_id: Option<String>,

    /// Evidence in S3: the secret access key
    #[arg(
        long,
        env = "HOLDFAST_EVIDENCE_S3_SECRET_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub evidence_s3_secret_access_key: Option<String>,

    /// Evidence: megabytes that one file may have, 1 to 4096 [default: 256]
    #[arg(long, env = "HOLDFAST_EVIDENCE_FILE_MB", value_name = "N", global = true)]
    pub evidence_file_mb: Option<u32>,

    /// Evidence: megabytes that all files of one survivor may have, 1 to 1048576 [default: 8192]
    #[arg(long, env = "HOLDFAST_EVIDENCE_QUOTA_MB", value_name = "N", global = true)]
    pub evidence_quota_mb: Option<u32>,

    /// Evidence: media types that are taken, separated by commas [default: the usual images, videos, sounds, PDF and text]
    #[arg(long, env = "HOLDFAST_EVIDENCE_TYPES", value_name = "LIST", global = true)]
    pub evidence_types: Option<String>,

    /// Evidence: hours until an upload that was not finished is removed, 1 to 720 [default: 48]
    #[arg(long, env = "HOLDFAST_EVIDENCE_UPLOAD_HOURS", value_name = "N", global = true)]
    pub evidence_upload_hours: Option<u32>,

    /// Evidence: bytes a second below which an upload is cut off; it can be resumed, 1 to 1000000 [default: 1024]
    #[arg(long, env = "HOLDFAST_EVIDENCE_MINIMUM_RATE", value_name = "N", global = true)]
    pub evidence_minimum_rate: Option<u32>,
}

/// Media types that are taken unless the settings say otherwise: what phones make.
pub const USUAL_TYPES: [&str; 21] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/heic",
    "image/heif",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/3gpp",
    "audio/mpeg",
    "audio/mp4",
    "audio/3gpp",
    "audio/aac",
    "audio/ogg",
    "audio/wav",
    "audio/amr",
    "audio/webm",
    "application/pdf",
    "text/plain",
    "application/zip",
];

/// Where evidence is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidencePlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket.
    Bucket(Bucket),
}

/// A bucket that speaks S3.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What all names in it begin with; may be empty.
    pub prefix: String,
    /// Where the store is; none for Amazon's.
    pub endpoint: Option<Url>,
    /// The region.
    pub region: String,
    /// The access key's id.
    pub access_key_id: SecretString,
    /// The secret access key.
    pub secret_access_key: SecretString,
}

impl PartialEq for Bucket {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.prefix, &self.endpoint) == (&other.name, &other.prefix, &other.endpoint)
    }
}

impl Eq for Bucket {}

/// The settings once read and checked.
#[derive(Clone, Debug)]
pub struct EvidenceConfig {
    /// Where it is kept.
    pub place: EvidencePlace,
    /// How much is taken, and of which kinds.
    pub limits: Limits,
}

/// How much evidence is taken, and of which kinds.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes that one file may have.
    pub file_bytes: i64,
    /// Bytes that all files of one survivor may have.
    pub quota_bytes: i64,
    /// Media types that are taken.
    pub types: Vec<String>,
    /// Hours until an upload that was not finished is removed.
    pub upload_hours: u32,
    /// Bytes a second below which an upload is cut off.
    pub minimum_rate: u32,
}

impl EvidenceSettings {
    pub(super) fn check(&self, data_dir: &Path) -> Result<EvidenceConfig, String> {
        let megabytes = |name, value: Option<u32>, default, most| {
            super::within(name, value.unwrap_or(default), 1, most).map(|value| i64::from(value) * 1_000_000)
        };
        let types = match &self.evidence_types {
            None => USUAL_TYPES.map(str::to_owned).to_vec(),
            Some(list) => list.split(',').map(media_type).collect::<Result<_, _>>()?,
        };
        let upload_hours = super::within("evidence_upload_hours", self.evidence_upload_hours.unwrap_or(48), 1, 720)?;
        let rate = self.evidence_minimum_rate.unwrap_or(1_024);
        let limits = Limits {
            file_bytes: megabytes("evidence_file_mb", self.evidence_file_mb, 256, 4_096)?,
            quota_bytes: megabytes("evidence_quota_mb", self.evidence_quota_mb, 8_192, 1_048_576)?,
            types,
            upload_hours,
            minimum_rate: super::within("evidence_minimum_rate", rate, 1, 1_000_000)?,
        };
        Ok(EvidenceConfig { place: self.place(data_dir)?, limits })
    }

    fn place(&self, data_dir: &Path) -> Result<EvidencePlace, String> {
        let s3 = [
            ("evidence_s3_endpoint", self.evidence_s3_endpoint.is_some()),
            ("evidence_s3_region", self.evidence_s3_region.is_some()),
            ("evidence_s3_access_key_id", self.evidence_s3_access_key_id.is_some()),
            ("evidence_s3_secret_access_key", self.evidence_s3_secret_access_key.is_some()),
        ];
        let wrong = "evidence_url: it must be file:///PATH or s3://BUCKET/PREFIX";
        let Some(text) = &self.evidence_url else {
            return match s3.iter().find(|(_, is_set)| *is_set) {
                Some((name, _)) => Err(format!("{name}: it is for evidence_url s3://BUCKET/PREFIX")),
                None => Ok(EvidencePlace::Folder(data_dir.join("evidence"))),
            };
        };
        let url = Url::parse(text).map_err(|_| wrong.to_owned())?;
        match (url.scheme(), url.host_str()) {
            ("file", None | Some("")) => url.to_file_path().map(EvidencePlace::Folder).map_err(|()| wrong.to_owned()),
            ("s3", Some(name)) => self.bucket(name, url.path().trim_matches('/')).map(EvidencePlace::Bucket),
            _ => Err(wrong.to_owned()),
        }
    }

    /// Both keys must be stated: credentials of the machine's surroundings are never looked for.
    fn bucket(&self, name: &str, prefix: &str) -> Result<Bucket, String> {
        let needed = |name: &str, value: &Option<String>| {
            let value = value.as_deref().filter(|value| !value.is_empty());
            value.map(SecretString::from).ok_or_else(|| format!("{name}: it must be set beside evidence_url s3://…"))
        };
        let endpoint = |text: &String| {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.ok_or_else(|| "evidence_s3_endpoint: it must be an http or https URL".to_owned())
        };
        Ok(Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: self.evidence_s3_endpoint.as_ref().map(endpoint).transpose()?,
            region: self.evidence_s3_region.clone().unwrap_or_else(|| "eu-west-2".to_owned()),
            access_key_id: needed("evidence_s3_access_key_id", &self.evidence_s3_access_key_id)?,
            secret_access_key: needed("evidence_s3_secret_access_key", &self.evidence_s3_secret_access_key)?,
        })
    }
}

fn media_type(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-+._".contains(&byte))
    };
    match text.split_once('/') {
        Some((kind, name)) if is_token(kind) && is_token(name) => Ok(text.to_owned()),
        _ => Err("evidence_types: it must be media types separated by commas, such as image/jpeg,video/mp4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut EvidenceSettings)) -> Result<EvidenceConfig, String> {
        let mut settings = EvidenceSettings::default();
        change(&mut settings);
        settings.check(Path::new("/data"))
    }

    #[test]
    fn evidence_stands_in_the_data_directory_unless_a_bucket_is_named_whole() {
        assert_eq!(check(|_| {}).unwrap().place, EvidencePlace::Folder("/data/evidence".into()));
        let file = check(|s| s.evidence_url = Some("file:///srv/evidence".into())).unwrap();
        assert_eq!(file.place, EvidencePlace::Folder("/srv/evidence".into()));
        let whole = |s: &mut EvidenceSettings| {
            s.evidence_url = Some("s3://bucket/a/b/".into());
            s.evidence_s3_access_key_id = Some("id".into());
            s.evidence_s3_secret_access_key = Some("key".into());
        };
        let EvidencePlace::Bucket(bucket) = check(whole).unwrap().place else { panic!("a bucket") };
        assert_eq!(
            (bucket.name.as_str(), bucket.prefix.as_str(), bucket.region.as_str()),
            ("bucket", "a/b", "eu-west-2")
        );
        let half = check(|s| {
            whole(s);
            s.evidence_s3_secret_access_key = None;
        });
        assert!(half.unwrap_err().starts_with("evidence_s3_secret_access_key: "));
    }

    #[test]
    fn a_wrong_value_is_told_in_one_line_that_names_the_setting() {
        type EvidenceSettingsChange = fn(&mut EvidenceSettings);
        let wrong: [(&str, EvidenceSettingsChange); 7] = [
            ("evidence_url", |s| s.evidence_url = Some("ftp://x".into())),
            ("evidence_s3_endpoint", |s| s.evidence_s3_endpoint = Some("http://x".into())),
            ("evidence_file_mb", |s| s.evidence_file_mb = Some(0)),
            ("evidence_quota_mb", |s| s.evidence_quota_mb = Some(0)),
            ("evidence_types", |s| s.evidence_types = Some("image/jpeg,pdf".into())),
            ("evidence_upload_hours", |s| s.evidence_upload_hours = Some(0)),
            ("evidence_minimum_rate", |s| s.evidence_minimum_rate = Some(0)),
        ];
        for (name, change) in wrong {
            let line = check(change).unwrap_err();
            assert!(line.starts_with(&format!("{name}: ")) && line.lines().count() == 1, "{line}");
        }
    }
}
